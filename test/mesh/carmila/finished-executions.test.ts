// The event of a finished execution: a crash starts the next attempt at once, without a poll or a scheduled sweep.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readOutcome } from '../../../shared/runs/outcome.ts';
import { deliver, push } from '../invokers.ts';
import { withVisitors } from '../folders.ts';
import { startMesh, type RunningMesh } from '../start-mesh.ts';
import { jobProcess } from '../stopped-job.ts';

let mesh: RunningMesh;
let visitors = 0;
before(async () => {
  // No schedule fires by itself, no test here sweeps, and what is overdue would be so only in an hour.
  const config = { 'sluice:overdueSeconds': '3600', 'sluice:minimumBackoff': '0s' };
  mesh = await startMesh({ countsMessages: true, config });
});
after(() => mesh.close());

async function asked(): Promise<string> {
  mesh.put(withVisitors(++visitors));
  assert.equal(await mesh.fire('tick-carmila'), 200);
  return (await mesh.newestRun()).run;
}

/** Kills the job's process before it has written a word: no output, and no log line about it. */
async function crash(attempts: number): Promise<void> {
  await mesh.until(`execution ${attempts} to begin`, () =>
    mesh.cloud.jobs.executions().length === attempts ? true : undefined,
  );
  const pid = await mesh.until('its process', () => jobProcess());
  process.kill(pid, 'SIGKILL');
}

const outcomeOf = (run: string) =>
  mesh.until(`the outcome of ${run}`, () => readOutcome(mesh.runs, 'carmila', run));

const sweeps = () => mesh.logLines.filter((line) => line.includes('"event":"swept"'));

test('an execution that crashes is followed by the next attempt at once, and the rows come', async () => {
  const run = await asked();
  await crash(1);
  const { outcome, attempt } = await outcomeOf(run);
  assert.deepEqual([outcome, attempt], ['published', 2]);
  await mesh.logged(/"event":"swept","occasion":"execution"/);
  assert.deepEqual(
    sweeps().filter((line) => line.includes('"schedule"')),
    [],
    'no sweep of the schedule has helped',
  );
});

test('a run whose last attempt crashes has failed at once', async () => {
  const before = mesh.cloud.jobs.executions().length;
  const run = await asked();
  await crash(before + 1);
  await crash(before + 2);
  const { outcome, reason } = await outcomeOf(run);
  assert.equal(outcome, 'failed');
  assert.match(reason, /attempt 2 failed: .*signal 9.*; that was the last of 2 attempts/);
});

test('the event of a successful execution leaves its output to the event of the output', async () => {
  await mesh.until('every delivery to end', () => mesh.cloud.pubsub.idle() || undefined);
  const since = mesh.logLines.length;
  const run = await asked();
  assert.equal((await outcomeOf(run)).outcome, 'published');
  const swept = await mesh.logged(/"event":"swept","occasion":"execution"/, since);
  assert.match(swept, /"actions":0,"problems":0/);
});

test('an event of another job and a doubled event change nothing; a malformed one is refused, and logged once', async () => {
  const { length } = await mesh.ledger();
  const eventOf = (entry: unknown, messageId: string) =>
    push({ data: Buffer.from(JSON.stringify(entry)).toString('base64'), messageId });
  const entry = (job: string) => ({ resource: { type: 'cloud_run_job', labels: { job_name: job } } });
  for (const job of ['another-job', 'carmila-forecast', 'carmila-forecast']) {
    assert.equal(await deliver(mesh, 'sweep-runs', eventOf(entry(job), job)), 200);
  }
  const since = mesh.logLines.length;
  assert.equal(await deliver(mesh, 'sweep-runs', eventOf({ resource: { type: 'gce_instance' } }, '4')), 400);
  // The lines of one function come in their order.
  assert.equal(await mesh.fire('sweep'), 200);
  await mesh.logged(/"event":"swept","occasion":"schedule"/, since);
  const refusals = mesh.logLines.slice(since).filter((line) => /^sweep-runs.*"severity":"ERROR"/.test(line));
  assert.equal(refusals.length, 1, refusals.join('\n'));
  assert.equal((await mesh.ledger()).length, length);
});
