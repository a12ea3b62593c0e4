// What dies or is taken away: functions, the job, an execution cancelled by hand, a right that was never granted.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { localStack } from '../../cli/local-mesh.ts';
import { plannedResources } from '../../cli/planned.ts';
import type { Grant } from '../../local/iam/iam.ts';
import { grantOf } from '../../local/iam/provision.ts';
import { endLeftovers } from '../../local/run/leftovers.ts';
import { carmila } from '../../pipelines/carmila.ts';
import { readOutcome } from '../../shared/runs/outcome.ts';
import { editsOf } from '../mesh/edits.ts';
import { good } from '../mesh/folders.ts';
import { freeLease } from '../mesh/free-lease.ts';
import { startMesh, type RunningMesh } from '../mesh/start-mesh.ts';
import { onRequest } from '../mesh/requests.ts';

let mesh: RunningMesh;
before(async () => {
  mesh = await startMesh();
  mesh.put(good());
  assert.equal((await mesh.tick()).outcome, 'published');
});
after(() => mesh.close());

const { edit, publishedOnce } = editsOf(() => mesh);

const swept = () => mesh.swept();

/** The moment is a request on the wire: as it arrives, the function that made it is killed. */
const MOMENTS: readonly (readonly [what: string, name: string, method: string, url: RegExp])[] = [
  ['asking for the run', 'detect-changes', 'POST', /\/topics\/run-requested:publish/],
  ['freezing the source', 'start-run', 'GET', /^\/drive\/v3\/files\/[^?]+\?.*alt=media/],
  ['starting the job', 'start-run', 'POST', /\/v2\/projects\/[^?]+:run/],
  ['loading the CSV', 'publish-output', 'POST', /\/bigquery\/v2\/projects\/[^/]+\/jobs\?/],
  ['checking the rows', 'publish-output', 'POST', /\/bigquery\/v2\/projects\/[^/]+\/queries/],
  ['recording the outcome', 'publish-output', 'POST', /\/upload\/.*outcome\.json/],
];

for (const [what, name, method, url] of MOMENTS) {
  test(`${name} is killed while ${what}, and the run is published once`, async () => {
    edit();
    let struck = false;
    const stop = onRequest((request) => {
      if (struck || request.method !== method || !url.test(request.url ?? '')) return;
      struck = true;
      mesh.cloud.functions.kill(name);
    });
    try {
      await mesh.fire('tick-carmila');
      await mesh.until('the killing', () => struck || undefined);
      await swept();
    } finally {
      stop();
    }
    await publishedOnce();
  });
}

/** Ends the job's process the moment it asks for its input, in the first `times` executions from now on. */
function crashing(times: number): () => void {
  const struck = new Set<string>();
  return onRequest(({ method, url = '' }) => {
    const execution = mesh.cloud.jobs.executions().find(({ state }) => state === 'running');
    if (execution === undefined || method !== 'GET' || !/input%2Fflux/.test(url)) return;
    if (struck.size === times || struck.has(execution.name)) return;
    struck.add(execution.name);
    void endLeftovers([mesh.cloud.jobs.execution(execution.name).uid]);
  });
}

test('a job that crashes is tried once more, and the second attempt is published', async () => {
  edit();
  const stop = crashing(1);
  await mesh.fire('tick-carmila');
  await swept().finally(stop);
  await publishedOnce();
  const run = await mesh.newestRun();
  assert.equal(run.outcome?.attempt, 2);
  assert.equal(run.attempts.length, 2);
});

test('a job that crashes both times has failed, the table is as it was, and the next edit is published', async () => {
  const before = await mesh.published();
  edit();
  const stop = crashing(2);
  await mesh.fire('tick-carmila');
  const outcome = await swept().finally(stop);
  assert.equal(outcome.outcome, 'failed');
  assert.match(outcome.reason, /attempt 2 failed: .*; that was the last of 2 attempts/);
  assert.equal(await mesh.published(), before);
  edit();
  assert.equal((await mesh.tick()).outcome, 'published');
});

/** The execution that runs now. */
const running = () =>
  mesh.until(
    'an execution',
    () => mesh.cloud.jobs.executions().find(({ state }) => state === 'running')?.name,
  );

test('an execution that a person cancels ends the run as cancelled', async () => {
  const before = await mesh.published();
  edit();
  await mesh.fire('tick-carmila');
  mesh.cloud.jobs.cancel(await running());
  const outcome = await swept();
  assert.equal(outcome.outcome, 'cancelled');
  assert.match(outcome.reason, /attempt 1 was cancelled in Cloud Run/);
  assert.equal(await mesh.published(), before);
});

test('changes that come during a run wait for its end, and only the newest of them runs', async () => {
  edit();
  await mesh.fire('tick-carmila');
  const first = (await mesh.newestRun()).run;
  await running();
  const later: string[] = [];
  for (let change = 0; change < 2; change++) {
    edit();
    await mesh.fire('tick-carmila');
    later.push((await mesh.newestRun()).run);
  }
  const [second = '', third = ''] = later;
  await swept();
  await publishedOnce();
  const ended = async (run: string) => (await readOutcome(mesh.runs, carmila.name, run))?.outcome;
  assert.deepEqual([await ended(first), await ended(third)], ['published', 'published']);
  // The second one is superseded if the first was still running when the third came.
  assert.match(String(await ended(second)), /superseded|published/);
  await freeLease(mesh);
});

/** The grant of the program that bears this name. */
async function grantNamed(name: string): Promise<Grant> {
  const { cloud } = mesh;
  const plan = await plannedResources(localStack('carmila'), cloud.functionUrl);
  const planned = plan.find((resource) => resource.name === name);
  const grant = planned && grantOf(planned, cloud);
  return grant ?? assert.fail(`the program grants no ${name}`);
}

for (const [what, name, denied] of [
  [
    'detect-changes may not publish',
    'detectChanges-run-requested',
    /pubsub\.topics\.publish|PERMISSION_DENIED/,
  ],
  ['publish-output may not read the results', 'publishOutput-reads-results', /storage\.objects\.get/],
] as const) {
  test(`while ${what}, nothing is published; once it may, the same run is`, async () => {
    const before = await mesh.published();
    edit();
    const grant = await grantNamed(name);
    assert.ok(mesh.cloud.iam.revoke(grant));
    const linesBefore = mesh.logLines.length;
    await mesh.fire('tick-carmila');
    await mesh.logged(denied, linesBefore);
    const { run, outcome } = await mesh.newestRun();
    assert.equal(outcome, undefined);
    assert.equal(await mesh.published(), before);
    mesh.cloud.iam.grant(grant);
    await swept();
    await publishedOnce();
    assert.equal((await mesh.newestRun()).run, run);
  });
}
