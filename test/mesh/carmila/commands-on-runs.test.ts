// Cancel, hold and release: what a person decides about one run, over the embedded cloud and with the real clients.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { PubSub } from '@google-cloud/pubsub';
import { readStatus } from '../../../shared/history/history.ts';
import { readJson } from '../../../shared/objects/json.ts';
import { replayObject, startedObject } from '../../../shared/runs/names.ts';
import { readOutcome, runOutcome, type RunOutcome } from '../../../shared/runs/outcome.ts';
import { GOOD_ROWS, withVisitors } from '../folders.ts';
import { freeLease } from '../free-lease.ts';
import { startMesh, type RunningMesh } from '../start-mesh.ts';
import { done, OPERATOR, refused } from '../operator-commands.ts';
import { jobProcesses } from '../stopped-job.ts';

let mesh: RunningMesh;
let visitors = 100;
before(async () => {
  mesh = await startMesh();
  mesh.put(withVisitors(visitors));
  assert.equal((await mesh.tick()).outcome, 'published');
});
after(() => mesh.close());

async function asked(): Promise<string> {
  mesh.put(withVisitors(++visitors));
  assert.equal(await mesh.fire('tick-carmila'), 200);
  return (await mesh.newestRun()).run;
}

/** Requests a run whose job stands still as soon as it has started; it continues when the answer is called. */
async function stoppedJob(): Promise<{ run: string; goOn: () => void }> {
  const run = await asked();
  const [pid] = await mesh.until('the job to start', () => {
    const started = jobProcesses();
    return started.length > 0 ? started : undefined;
  });
  assert.ok(pid);
  process.kill(pid, 'SIGSTOP');
  await mesh.until(`the execution of ${run} to be recorded`, async () =>
    (await mesh.runs.info(startedObject('carmila', run, 1))) === undefined ? undefined : true,
  );
  return { run, goOn: () => void process.kill(pid, 'SIGCONT') };
}

const outcomeOf = (run: string): Promise<RunOutcome> =>
  mesh.until(`the outcome of ${run}`, () => readOutcome(mesh.runs, 'carmila', run));

const executions = () => mesh.cloud.jobs.executions();

test('a run that executes is cancelled: its execution ends, the lease is free, and the run in line is called', async () => {
  const { run } = await stoppedJob();
  const next = await asked();
  await mesh.until('the next run to wait', async () =>
    (await readStatus(mesh.runs, 'carmila')).queued === next ? true : undefined,
  );
  const { message } = await done(mesh, { verb: 'cancel', run, reason: 'the wrong file' });
  assert.match(message, /is cancelled\. Its execution carmila-forecast-\S+ has stopped \(cancelled\)\./);
  assert.deepEqual(
    executions().filter(({ name, state }) => message.includes(name) && state === 'running'),
    [],
  );
  const { outcome, reason, rows } = await outcomeOf(run);
  assert.deepEqual([outcome, rows], ['cancelled', null]);
  assert.match(reason, new RegExp(`^Cancelled by ${OPERATOR}: the wrong file\\.`));
  assert.equal((await outcomeOf(next)).outcome, 'published');
  assert.deepEqual(await mesh.ledger().then((ledger) => ledger.filter((one) => one === run)), []);
});

test('a run that waits in line is cancelled, and the one that executes continues', async () => {
  const { run, goOn } = await stoppedJob();
  const waiting = await asked();
  await mesh.until('the run to wait', async () =>
    (await readStatus(mesh.runs, 'carmila')).queued === waiting ? true : undefined,
  );
  assert.match((await done(mesh, { verb: 'cancel', run: waiting })).message, /It was queued/);
  assert.equal((await outcomeOf(waiting)).outcome, 'cancelled');
  assert.equal((await readStatus(mesh.runs, 'carmila')).holder, run);
  goOn();
  assert.equal((await outcomeOf(run)).outcome, 'published');
  await mesh.fire('sweep');
  await freeLease(mesh);
});

test('a run that was asked for and has not started is cancelled, and never starts', async () => {
  const { length } = executions();
  const caller = `sluice-start-run@${mesh.cloud.projectId}.iam.gserviceaccount.com`;
  const { faults } = mesh.cloud.api;
  faults.plan({ method: 'GET', url: /\/drive\/v3\/files\//, action: 503, times: 10_000, caller });
  const run = await asked();
  await mesh.until('start-run to try', () => faults.unused().length === 0 || undefined);
  assert.match((await done(mesh, { verb: 'cancel', run })).message, /It had not started/);
  faults.clear();
  await mesh.until('every delivery to end', () => mesh.cloud.pubsub.idle() || undefined);
  await mesh.fire('sweep');
  assert.equal((await outcomeOf(run)).outcome, 'cancelled');
  assert.equal(executions().length, length);
});

test('the output of a held run is not published; a release publishes it, in the name of who asked', async () => {
  const { run, goOn } = await stoppedJob();
  const before = await mesh.published();
  await done(mesh, { verb: 'hold', run, reason: 'the mall was closed' });
  assert.match(
    await refused(mesh, { verb: 'hold', run }),
    /gave the command hold at .*: the mall was closed/,
  );
  assert.match(await refused(mesh, { verb: 'release', run }), /has not ended; only a run that ended as held/);
  goOn();
  const { outcome, reason } = await outcomeOf(run);
  assert.equal(outcome, 'held');
  assert.match(reason, /Held by operator@local: the mall was closed\. .*npm run sluice -- release 0/);
  assert.equal(await mesh.published(), before);

  const { message } = await done(mesh, { verb: 'release', run, reason: 'it was open after all' });
  assert.match(message, new RegExp(`is published: ${GOOD_ROWS} rows`));
  const ledger = await mesh.ledger();
  assert.equal(ledger.at(-1), run);
  assert.notEqual(await mesh.published(), before);

  // Another command is not the same one again.
  const again = await refused(mesh, { verb: 'release', run, reason: 'twice' });
  assert.match(
    again,
    /is published already, as carmila-0\S+ at 20\S+\. Nothing changed\. To publish .*: npm run sluice -- replay 0/,
  );
  assert.deepEqual(await mesh.ledger(), ledger);
});

test('of two releases at the same moment one is published, and the other is refused', async () => {
  const { run, goOn } = await stoppedJob();
  await done(mesh, { verb: 'hold', run });
  goOn();
  assert.equal((await outcomeOf(run)).outcome, 'held');
  // As two calls of handle-commands would publish them, each before the other's record.
  const message = { pipeline: 'carmila', run, release: true, allowOlder: false, by: OPERATOR, reason: 'now' };
  const options = { projectId: mesh.cloud.projectId, apiEndpoint: new URL(mesh.cloud.endpoint).host };
  const topic = new PubSub({ ...options, ...{ fallback: true, protocol: 'http' } }).topic('load-requested');
  const answers = await Promise.all(
    ['release-one', 'release-two'].map(async (replay) => {
      await topic.publishMessage({ json: { ...message, replay } });
      return mesh.until(
        replay,
        async () => (await readJson(mesh.runs, replayObject('carmila', run, replay), runOutcome))?.value,
      );
    }),
  );
  assert.deepEqual(answers.map(({ outcome, code }) => [outcome, code]).toSorted(), [
    ['published', null],
    ['superseded', 'NOT_HELD'],
  ]);
  assert.deepEqual(
    (await mesh.ledger()).filter((each) => each === run),
    [run],
  );
});

test('a held run that a newer one has passed is not released over it', async () => {
  const { run, goOn } = await stoppedJob();
  await done(mesh, { verb: 'hold', run });
  goOn();
  assert.equal((await outcomeOf(run)).outcome, 'held');
  const newer = await asked();
  assert.equal((await outcomeOf(newer)).outcome, 'published');
  assert.match(
    await refused(mesh, { verb: 'release', run }),
    /superseded: Refused: a newer run is published/,
  );
  assert.equal((await mesh.ledger()).at(-1), newer);
});
