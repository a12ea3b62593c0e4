// Two regions: the job runs where the data lies, functions and schedules elsewhere; each finds the job only there.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { REGION } from '../../../cli/local-mesh.ts';
import { PermanentError } from '../../../shared/errors.ts';
import { cloudRunJob } from '../../../shared/google/run.ts';
import { readOutcome } from '../../../shared/runs/outcome.ts';
import { withVisitors } from '../folders.ts';
import { startMesh, type RunningMesh } from '../start-mesh.ts';
import { done } from '../operator-commands.ts';
import { jobProcess, stoppedJob } from '../stopped-job.ts';

const JOB_REGION = 'europe-west9';
const JOB = 'carmila-forecast';

let mesh: RunningMesh;
let visitors = 0;
before(async () => {
  // Nothing is overdue within the hour: after a crash only its event moves the run.
  const config = {
    'sluice:jobRegion': JOB_REGION,
    'sluice:overdueSeconds': '3600',
    'sluice:minimumBackoff': '0s',
  };
  mesh = await startMesh({ countsMessages: true, config });
});
after(() => mesh.close());

const outcomeOf = (run: string) =>
  mesh.until(`the outcome of ${run}`, () => readOutcome(mesh.runs, 'carmila', run));

const jobsIn = (region: string) =>
  cloudRunJob(JOB, {
    GOOGLE_CLOUD_PROJECT: mesh.cloud.projectId,
    GOOGLE_API_ENDPOINT: mesh.cloud.endpoint,
    JOB_REGION: region,
  });

test('a run executes in the region of the job, and the event of a crash there starts the next attempt', async () => {
  assert.notEqual(JOB_REGION, REGION);
  mesh.put(withVisitors(++visitors));
  assert.equal(await mesh.fire('tick-carmila'), 200);
  const { run } = await mesh.newestRun();
  process.kill(await mesh.until('its process', () => jobProcess()), 'SIGKILL');
  const { outcome, attempt } = await outcomeOf(run);
  assert.deepEqual([outcome, attempt], ['published', 2]);
  await mesh.logged(/"event":"swept","occasion":"execution"/);
  const names = mesh.cloud.jobs.executions().map(({ name }) => name);
  assert.equal(names.length, 2);
  const parent = `projects/${mesh.cloud.projectId}/locations/${JOB_REGION}/jobs/${JOB}/executions/`;
  for (const name of names) assert.ok(name.startsWith(parent), name);
});

test('in the region of the functions there is no such job', async () => {
  const key = { pipeline: 'carmila', run: (await mesh.newestRun()).run, attempt: 2 };
  const { length } = mesh.cloud.jobs.executions();
  const found = await jobsIn(JOB_REGION).find(key);
  assert.equal(found.kind === 'found' ? found.execution.state : found.kind, 'succeeded');
  const missing = (error: unknown) => {
    assert.ok(error instanceof PermanentError);
    assert.match(error.message, new RegExp(`locations/${REGION}/jobs/${JOB}.*does not exist`));
    return true;
  };
  await assert.rejects(jobsIn(REGION).find(key), missing);
  await assert.rejects(jobsIn(REGION).start(key, {}), missing);
  assert.equal(mesh.cloud.jobs.executions().length, length);
});

test('a command cancels an execution in the region of the job', async () => {
  const { run } = await stoppedJob(mesh, ++visitors);
  const { message } = await done(mesh, { verb: 'cancel', run, reason: 'the wrong file' });
  const [, execution = ''] = /Its execution (\S+) has stopped/.exec(message) ?? [];
  const stopped = mesh.cloud.jobs.executions().find(({ name }) => name.endsWith(`/${execution}`));
  assert.match(stopped?.name ?? message, new RegExp(`/locations/${JOB_REGION}/`));
  assert.equal((await outcomeOf(run)).outcome, 'cancelled');
});
