// docs/COST.md counts the calls that the mesh makes: of a tick, of a sweep, and of one change.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readMeasured, type Calls, type Work } from '../../../bench/cost/measured.ts';
import { MEASURED_STACK } from '../../../bench/cost/measured-stack.ts';
import { pointsOf } from '../../../bench/cost/points.ts';
import { watch, type Watched } from '../../../bench/cost/watch.ts';
import { LOCAL_PROJECT, localStack } from '../../../cli/local-mesh.ts';
import { plannedResources } from '../../../cli/planned.ts';
import { writeSample } from '../../../local/sample/sample.ts';
import { startMesh, type RunningMesh } from '../start-mesh.ts';

const measured = readMeasured();
const FUNCTIONS = Object.keys(measured.startCpuSeconds);
// The folder that was measured: its files are what a run reads, freezes and logs.
const SAMPLE = { today: '2025-06-20', seed: 1 };
const NEXT_DAY = { today: '2025-06-21', seed: 1 };

let mesh: RunningMesh;
before(async () => {
  // The measurement was of messages that come once, and of sweeps that leave alone what is under way.
  mesh = await startMesh({ countsMessages: true, config: MEASURED_STACK });
  await writeSample(mesh.folders.drive, SAMPLE);
  assert.equal((await mesh.tick()).outcome, 'published');
  await rest();
});
after(() => mesh.close());

const rest = () => mesh.until('every delivery to end', () => mesh.cloud.pubsub.idle() || undefined);

async function callersOf({ cloud }: RunningMesh): Promise<Map<number, string>> {
  const ports = FUNCTIONS.map(async (name): Promise<[number, string]> => {
    const env = await cloud.envOf(`sluice-${name}@${LOCAL_PROJECT}.iam.gserviceaccount.com`);
    return [Number(new URL(env.GOOGLE_API_ENDPOINT ?? '').port), name];
  });
  return new Map(await Promise.all(ports));
}

/** What the mesh does until nothing moves any more, and the lines that its functions print meanwhile. */
async function observedDuring(
  work: () => Promise<unknown>,
): Promise<Watched & { readonly lines: () => string[] }> {
  const linesBefore = mesh.logLines.length;
  const stop = watch(await callersOf(mesh));
  await work();
  await rest();
  const lines = () =>
    mesh.logLines.slice(linesBefore).flatMap((line) => {
      const [, from = '', text = ''] = /^([a-z-]+): (\{.*\})$/.exec(line) ?? [];
      return FUNCTIONS.includes(from) ? [text] : [];
    });
  return { ...stop(), lines };
}

const fired = (schedule: 'tick-carmila' | 'sweep') => async () =>
  assert.equal(await mesh.fire(schedule), 200);

const callsOf = ({ functions }: Pick<Work, 'functions'>): Record<string, Calls> =>
  Object.fromEntries(Object.entries(functions).map(([name, { calls }]) => [name, calls]));

const AGAIN = 'npm run cost -- --measure counts again';

/** An answer may overtake the line that its function printed: so the lines are waited for. */
async function assertPoints(lines: () => string[], expected: Work['points']): Promise<void> {
  const config = localStack('carmila');
  const plan = await plannedResources(config, (name) => `http://${name}.test`);
  const wanted = expected.reduce((sum, each) => sum + each.lines, 0);
  const points = () => pointsOf(plan, lines());
  const count = () => points().reduce((sum, each) => sum + each.lines, 0);
  await mesh.until('the lines of every metric', () => count() >= wanted || undefined);
  assert.deepEqual(points(), expected, AGAIN);
}

test('a tick without a change makes the calls and the points that were measured', async () => {
  const observed = await observedDuring(fired('tick-carmila'));
  assert.deepEqual(callsOf(observed), callsOf(measured.tick), AGAIN);
  await assertPoints(observed.lines, measured.tick.points);
});

test('a sweep without work makes the calls and the points that were measured', async () => {
  const observed = await observedDuring(fired('sweep'));
  assert.deepEqual(callsOf(observed), callsOf(measured.sweep), AGAIN);
  await assertPoints(observed.lines, measured.sweep.points);
});

test('a change makes the requests, the messages, the calls and the points that were measured', async () => {
  const executions = mesh.cloud.jobs.executions().length;
  const observed = await observedDuring(async () => {
    await writeSample(mesh.folders.drive, NEXT_DAY);
    await fired('tick-carmila')();
    assert.equal((await mesh.until('the outcome', lastOutcome))?.outcome, 'published');
  });
  const { change } = measured;
  assert.deepEqual(requestsOf(observed), requestsOf(change), AGAIN);
  assert.deepEqual(countedOf(observed), countedOf(change), AGAIN);
  assert.equal(mesh.cloud.jobs.executions().length - executions, change.job.executions);
  for (const name of ['detect-changes', 'start-run', 'publish-output'])
    assert.deepEqual(certainCallsOf(observed, name), certainCallsOf(change, name), `${name}: ${AGAIN}`);
  await assertPoints(observed.lines, change.points);
});

const lastOutcome = async () => (await mesh.newestRun()).outcome;

const requestsOf = ({ functions }: Pick<Work, 'functions'>): Record<string, number> =>
  Object.fromEntries(Object.entries(functions).map(([name, { requests }]) => [name, requests]));

const countedOf = ({ messages: { count, ofStorage } }: Pick<Work, 'messages'>) => ({ count, ofStorage });

/**
 * Those that are the same every time. How often BigQuery is asked whether it is done depends on how long it takes, and
 * so does whether spans are sent during the work; and the sweep after the execution event is left out, since it meets the load at a varying step.
 */
function certainCallsOf(work: Pick<Work, 'functions'>, name: string): Partial<Calls> {
  const { bigquery = 0, traces = 0, ...certain } = callsOf(work)[name] ?? {};
  return { ...certain, bigquery: Math.min(bigquery, 1), traces: Math.min(traces, 1) };
}
