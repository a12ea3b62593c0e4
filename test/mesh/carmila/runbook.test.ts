// The runbook at night: each section's commands, taken from the page, in the situation that it describes.
import { PubSub } from '@google-cloud/pubsub';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { LOCAL_PROJECT, localStack } from '../../../cli/local-mesh.ts';
import { plannedResources } from '../../../cli/planned.ts';
import { requestsBucketOf } from '../../../shared/deployment.ts';
import { gcsStore } from '../../../shared/google/storage.ts';
import { contentObject } from '../../../shared/requests/names.ts';
import { moveState, readState } from '../../../shared/runs/state.ts';
import { readStatus } from '../../../shared/history/history.ts';
import { readOutcome, type RunOutcome } from '../../../shared/runs/outcome.ts';
import { run as runCommand } from '../commands.ts';
import { FLUX, good, withVisitors } from '../folders.ts';
import { freeLease } from '../free-lease.ts';
import { NO_LIBRARY, startMesh, type RunningMesh } from '../start-mesh.ts';
import { done } from '../operator-commands.ts';
import { Runbook } from '../runbook.ts';
import { jobProcess, stoppedJob } from '../stopped-job.ts';

/** On duty, with the rights that the program gives an operator and no others. */
const OPERATOR = 'night@example.org';
const DAY_MS = 24 * 60 * 60 * 1000;
const runbook = new Runbook('carmila', () => ({ data: mesh.folders.data, operator: OPERATOR }));
const SECTIONS = runbook.sections;

let mesh: RunningMesh;
let pubsub: PubSub;
let visitors = 0;
before(async () => {
  const config = {
    'sluice:minimumBackoff': '0s',
    'sluice:operators': `user:${OPERATOR}`,
    // An operator's own requests: a person who may use the commands may not see another's job.
    'forecast-what-if:callers': OPERATOR,
    'forecast-what-if:approvers': OPERATOR,
    'forecast-what-if:xgboostLibrary': NO_LIBRARY,
  };
  mesh = await startMesh({ countsMessages: true, config });
  // The commands are the same program thirty times: it is compiled once.
  process.env.NODE_COMPILE_CACHE ??= join(mesh.folders.data, 'commands-compile-cache');
  const options = { projectId: LOCAL_PROJECT, apiEndpoint: new URL(mesh.cloud.endpoint).host };
  // REST (`fallback`, which the client reads and its type leaves out), as the mesh itself publishes.
  pubsub = new PubSub({ ...options, ...{ fallback: true, protocol: 'http' } });
  await publishAnother();
});
after(() => mesh.close());

async function publishAnother(): Promise<string> {
  mesh.put(withVisitors(++visitors));
  const { run, outcome, reason } = await mesh.tick();
  assert.equal(outcome, 'published', reason);
  return run ?? '';
}

const section = (name: string, given?: Record<string, string>) => runbook.section(name, given);

const outcomeOf = (run: string): Promise<RunOutcome> =>
  mesh.until(`the outcome of ${run}`, () => readOutcome(mesh.runs, 'carmila', run));

/** The run that came after this one, when it has ended. */
const nextAfter = (run: string): Promise<RunOutcome> =>
  mesh.until(`a run after ${run}`, async () => {
    const { newest } = await readStatus(mesh.runs, 'carmila');
    return newest === undefined || newest.run === run
      ? undefined
      : readOutcome(mesh.runs, 'carmila', newest.run);
  });

async function crash(): Promise<void> {
  const pid = await mesh.until('the job to run', () => jobProcess());
  process.kill(pid, 'SIGKILL');
  await mesh.until('the job to end', () => (jobProcess() === pid ? undefined : true));
}

test('each alert of the program has its section, under its name, and each section begins with what it means', async () => {
  const config = { ...localStack('carmila'), 'sluice:billingAccount': '000000-111111-222222' };
  const plan = await plannedResources(config, (name) => `http://${name}.test`);
  const alerts = plan.filter(({ type }) => /:(AlertPolicy|Budget)$/.test(type)).map(({ name }) => name);
  const pages = SECTIONS.filter(({ name }) => name.startsWith('alert-') || name === 'budget');
  assert.deepEqual(pages.map(({ name }) => name).toSorted(), alerts.toSorted());
  for (const { name, prose, commands } of pages) {
    assert.match(prose, /^\s*\*\*It means\*\*[^]*\*\*Look at\*\*[^]*\*\*Then\.\*\*/, name);
    assert.ok(commands.length > 0, name);
  }
});

test('no command stands where it would not be tried', () => {
  for (const { name, prose } of SECTIONS) {
    assert.doesNotMatch(prose, /npm run [a-z]+ --|`(gcloud|bq|pulumi|gsutil) /, name);
  }
});

test('alert-run-failed: a run that crashed to its end is seen with its reason, and one by force publishes', async () => {
  mesh.put(withVisitors(++visitors));
  await mesh.fire('tick-carmila');
  const { run } = await mesh.newestRun();
  await crash();
  await crash();
  assert.equal((await outcomeOf(run)).outcome, 'failed');
  const { type } = section('alert-run-failed', { run });
  assert.match(await type(2), /failed[^]*attempt 2 failed/);
  await type(1);
  assert.equal((await nextAfter(run)).outcome, 'published');
});

test('A file is refused: its place is shown, and the mended folder is published by a poll', async () => {
  mesh.put(good({ [FLUX]: Buffer.from('no workbook') }));
  const { run = null } = await mesh.tick();
  const { type } = section('A file is refused', { run: run ?? '' });
  assert.match(await type(1), /2025 flux quotidiens\.xlsx/);
  mesh.put(withVisitors(++visitors));
  await type(1);
  assert.equal((await nextAfter(run ?? '')).outcome, 'published');
});

test('alert-not-fresh: a poll finds the objective missed, and met again after the requested run', async () => {
  mesh.put(good({ [FLUX]: Buffer.from('no workbook at all') }));
  const { run } = await mesh.tick();
  const state = await readState(mesh.runs, 'carmila');
  const stale = { since: new Date(Date.now() - 2 * DAY_MS).toISOString() };
  assert.ok(state && (await moveState(mesh.runs, 'carmila', state, { ...state.value, token: 'old', stale })));
  const { type } = section('alert-not-fresh');
  assert.match(await type(2), /failed/);
  mesh.put(withVisitors(++visitors));
  const since = mesh.logLines.length;
  await type(2);
  await mesh.logged(/"ERROR".*"event":"polled".*"fresh":false/, since);
  assert.equal((await nextAfter(run ?? '')).outcome, 'published');
  await mesh.until('the newest run to end', async () => (await mesh.newestRun()).outcome);
  const linesBefore = mesh.logLines.length;
  await mesh.fire('tick-carmila');
  await mesh.logged(/"event":"polled".*"fresh":true/, linesBefore);
});

test('alert-dead-letters: what failed for a while is redriven, what cannot be read is dropped', async () => {
  const { run } = await mesh.newestRun();
  const message = { json: { pipeline: 'carmila', run } };
  // As Pub/Sub forwards it after ten refusals.
  await pubsub.topic('run-requested-to-start-run-dead-letter').publishMessage(message);
  await pubsub.topic('run-requested').publishMessage({ data: Buffer.from('not JSON') });
  const { type, given } = section('alert-dead-letters');
  const ids = await mesh.until('both dead letters', async () => {
    const { stdout } = await runCommand(
      'sluice',
      '--data',
      mesh.folders.data,
      '--json',
      'dead-letters',
      'list',
    );
    const deadLetters = JSON.parse(stdout) as { id: string; data: string }[];
    return deadLetters.length === 2 ? deadLetters : undefined;
  });
  given.deadLetter = ids.find(({ data }) => data.startsWith('{'))?.id ?? '';
  given.poison = ids.find(({ data }) => data === 'not JSON')?.id ?? '';
  // A table may break the reason into lines.
  assert.match(await type(2), /the[^]*message is not[^]*JSON/);
  assert.match(await type(3), /There are no dead letters\./);
});

test('alert-sweep-silent: the mesh stands still, and the first sweep is logged again', async () => {
  const { type } = section('alert-sweep-silent');
  const since = mesh.logLines.length;
  assert.match(await type(2), /Executing[^]*nothing/);
  assert.deepEqual(
    mesh.logLines.slice(since).filter((line) => line.includes('"occasion":"schedule"')),
    [],
  );
  await mesh.fire('sweep');
  await mesh.logged(/"event":"swept","occasion":"schedule"/, since);
});

test('budget: the runs are counted', async () => {
  const printed = await section('budget').type(1);
  assert.ok([...printed.matchAll(/\d{6}-[0-9a-f]{8}/g)].length >= 6, printed);
});

test('A publication is held: its report is fetched, and a release publishes it', async () => {
  const { run, goOn } = await stoppedJob(mesh, ++visitors);
  await done(mesh, { verb: 'hold', run });
  goOn();
  assert.equal((await outcomeOf(run)).outcome, 'held');
  const { type } = section('A publication is held', { run });
  assert.match(await type(2), new RegExp(`held[^]*Wrote .*reports/carmila-${run}/report\\.html`));
  await type(1);
  assert.equal((await mesh.ledger()).at(-1), run);
});

test('The published numbers are wrong: a rollback puts the earlier rows back, and the verification passes', async () => {
  const before = await mesh.published();
  await publishAnother();
  const { type, given } = section('The published numbers are wrong');
  given.hash = /--apply ([0-9a-f]{16})/.exec(await type(1))?.[1] ?? '';
  assert.match(await type(2), /Check passed for carmila/);
  assert.equal(await mesh.published(), before);
});

test('A run is stuck: it is cancelled, and nothing executes', async () => {
  const { run } = await stoppedJob(mesh, ++visitors);
  const { type } = section('A run is stuck', { run });
  assert.match(await type(2), new RegExp(`Executing[^]*${run}, attempt 1`));
  assert.equal((await outcomeOf(run)).outcome, 'cancelled');
  await freeLease(mesh);
});

const WHAT_IF = 'forecast-what-if';

/** Requests a run as the operator, and gives its id in the API. */
async function requested(): Promise<{ readonly job: string; readonly run: string }> {
  const where = ['--data', mesh.folders.data, '--as', OPERATOR, '--json'];
  const { code, stdout, stderr } = await runCommand(
    'sluice',
    ...where,
    'request',
    WHAT_IF,
    '--preset',
    'next-month',
  );
  assert.equal(code, 0, stderr);
  const [job = '', run = ''] = /forecast-what-if\.(r[0-9a-f-]+)/.exec(stdout) ?? [];
  return { job, run };
}

const requestEnded = (run: string): Promise<RunOutcome> =>
  mesh.until(`the outcome of ${run}`, () => readOutcome(mesh.runs, WHAT_IF, run));

test('a requested run: its front answers, it waits and is seen, its job is shown, and its content is erased', async () => {
  assert.match(await section('alert-requests-slow').type(1), /\$/);
  const { job, run } = await requested();
  const shown = /queued|starting|running|succeeded/;
  assert.match(await section('A request waits for ever', { job }).type(1), shown);
  assert.match(await section('alert-requests-waiting', { job }).type(2), shown);
  assert.equal((await requestEnded(run)).outcome, 'published');
  assert.match(await section('A job is cancelled too late', { job }).type(1), /succeeded/);
  assert.match(await section('A caller gets 403, 404 or 429').type(1), new RegExp(run));
  await mesh.until('every delivery to end', () => mesh.cloud.pubsub.idle() || undefined);
  await section('Content is to be erased', { job }).type(1);
  const requests = gcsStore(requestsBucketOf(LOCAL_PROJECT), {
    GOOGLE_CLOUD_PROJECT: LOCAL_PROJECT,
    GOOGLE_API_ENDPOINT: mesh.cloud.endpoint,
  });
  const content = await requests.readText(contentObject(WHAT_IF, run), 10_000);
  assert.match(content?.text ?? '', /"erased"/);
});

test('alert-requests-failing: a requested run that crashed to its end is seen with its code', async () => {
  const { job, run } = await requested();
  await crash();
  await crash();
  assert.equal((await requestEnded(run)).outcome, 'failed');
  assert.match(await section('alert-requests-failing', { job }).type(1), /ATTEMPTS_EXHAUSTED/);
});

test('Pausing: no run is asked for until the pipeline is resumed, and the record tells by whom', async () => {
  const { type } = section('Pausing');
  assert.match(await type(2), /Paused[^]*the folder is being moved/);
  const { run } = await mesh.newestRun();
  mesh.put(withVisitors(++visitors));
  await mesh.fire('tick-carmila');
  assert.equal((await mesh.newestRun()).run, run);
  assert.match(await type(2), /resume[^]*pause/);
  assert.equal((await mesh.tick()).outcome, 'published');
});

test('every section that has commands for carmila was lived through', () => {
  runbook.assertAllTried();
});
