// What the mesh prints is what the metrics of the infra program are made of: each outcome is counted, once.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { localStack } from '../../../cli/local-mesh.ts';
import { plannedResources } from '../../../cli/planned.ts';
import type { PlannedResource } from '../../../infra/plan.ts';
import { readFilter } from '../../../local/logging/filter.ts';
import { readLease, swapLease } from '../../../shared/runs/lease.ts';
import { manifestObject } from '../../../shared/runs/names.ts';
import { readOutcome } from '../../../shared/runs/outcome.ts';
import { FLUX, good, GOOD_ROWS } from '../folders.ts';
import { startMesh, type RunningMesh } from '../start-mesh.ts';
import { done } from '../operator-commands.ts';
import { stoppedJob } from '../stopped-job.ts';

let mesh: RunningMesh;
let plan: readonly PlannedResource[];
/** Each run's id by how it ended. */
const runs: Record<string, string> = {};
before(async () => {
  const config = localStack('carmila');
  plan = await plannedResources(config, (name) => `http://${name}.test`);
  mesh = await startMesh();
  await livesThrough();
});
after(() => mesh.close());

/** Every end that a run can come to on a laptop, and polls of every kind. */
async function livesThrough(): Promise<void> {
  mesh.put(good());
  const first = await mesh.tick();
  runs.published = first.run ?? '';
  await mesh.tick();
  mesh.put({});
  await mesh.fire('tick-carmila');

  const held = await stoppedJob(mesh, 1);
  await done(mesh, { verb: 'hold', run: held.run });
  held.goOn();
  runs.held = await ended(held.run);
  const cancelled = await stoppedJob(mesh, 2);
  await done(mesh, { verb: 'cancel', run: cancelled.run });
  runs.cancelled = await ended(cancelled.run);
  mesh.put(good({ [FLUX]: Buffer.from('no workbook') }));
  runs.failed = (await mesh.tick()).run ?? '';
  runs.quarantined = await outputWithoutItsFile();
  await mesh.fire('sweep');
  await mesh.until('every delivery to end', () => mesh.cloud.pubsub.idle() || undefined);
}

const ended = (run: string): Promise<string> =>
  mesh.until(`the outcome of ${run}`, async () =>
    (await readOutcome(mesh.runs, 'carmila', run)) === undefined ? undefined : run,
  );

/** As a job writes it that loses its file: of a run that was never requested, so that its times are not known. */
async function outputWithoutItsFile(): Promise<string> {
  const run = '000099-0123abcd';
  const at = new Date().toISOString();
  const lease = await readLease(mesh.runs, 'carmila');
  const holder = { run, attempt: 1, since: at };
  assert.ok(await swapLease(mesh.runs, 'carmila', lease, { token: run, holder, queued: null }));
  const name = manifestObject('carmila', run, 1);
  const object = name.replace('output.json', 'predictions.csv');
  const files = [{ name: 'predictions.csv', object, sizeBytes: 10, crc32c: 'AAAAAA==' }];
  const manifest = { kind: 'output', pipeline: 'carmila', run, attempt: 1, writtenAt: at, files, rows: 1 };
  await mesh.results.create(name, JSON.stringify(manifest), 'application/json');
  return ended(run);
}

interface Line {
  readonly resource: { readonly type: string };
  readonly jsonPayload: Readonly<Record<string, unknown>>;
}

/** What Cloud Logging makes of a line of JSON that a function prints. */
const lines = (): readonly Line[] =>
  mesh.logLines.flatMap((line) => {
    const text = /^(?:detect-changes|start-run|publish-output|sweep-runs|handle-commands): (\{.*\})$/.exec(
      line,
    )?.[1];
    if (text === undefined) return [];
    const jsonPayload = JSON.parse(text) as Record<string, unknown>;
    return [{ resource: { type: 'cloud_run_revision' }, jsonPayload }];
  });

const inputsOf = (type: string, name: string): Record<string, unknown> => {
  const found = plan.find((resource) => resource.type === type && resource.name === name);
  assert.ok(found, `the program has no ${name}`);
  return found.inputs;
};

/** The lines that a metric counts, each with its labels and its value. */
function counted(name: string) {
  const { filter, labelExtractors, valueExtractor } = inputsOf('gcp:logging/metric:Metric', name);
  const fits = readFilter(String(filter));
  return lines()
    .filter((line) => fits({ ...line }))
    .map(({ jsonPayload }) => ({
      labels: Object.fromEntries(
        Object.entries(labelExtractors as Record<string, string>).map(([label, extractor]) => [
          label,
          extracted(jsonPayload, extractor),
        ]),
      ),
      run: jsonPayload.run,
      value: valueExtractor === undefined ? undefined : extracted(jsonPayload, String(valueExtractor)),
    }));
}

function extracted(payload: Line['jsonPayload'], extractor: string): unknown {
  const field = /^EXTRACT\(jsonPayload\.(\w+)\)$/.exec(extractor)?.[1];
  assert.ok(field, extractor);
  return payload[field];
}

test('each run is counted once, under its pipeline and its outcome', () => {
  const found = counted('sluice-runs-ended').map(
    ({ labels, run }) => `${labels.pipeline} ${labels.outcome} ${run}`,
  );
  const expected = Object.entries(runs).map(([outcome, run]) => `carmila ${outcome} ${run}`);
  assert.equal(expected.length, 5);
  assert.deepEqual(found.toSorted(), expected.toSorted());
});

test('a run says how long it took, its job how long of that, and its publication how long the table waited', () => {
  const of = (name: string, run: string | undefined) => {
    const value = counted(name).find((line) => line.run === run)?.value;
    assert.equal(typeof value, 'number', `${name} of ${run}`);
    return Number(value);
  };
  const whole = of('sluice-run-seconds', runs.published);
  const job = of('sluice-job-seconds', runs.published);
  assert.ok(job > 0 && job < whole, `${job} of ${whole} seconds`);
  assert.ok(of('sluice-lag-seconds', runs.published) >= whole);
  assert.equal(of('sluice-rows', runs.published), GOOD_ROWS);
  assert.ok(of('sluice-run-seconds', runs.cancelled) > 0);
  for (const name of ['sluice-lag-seconds', 'sluice-rows']) assert.equal(counted(name).length, 1, name);
});

test('every poll is counted by its outcome, and scheduled sweeps are counted alone', () => {
  const outcomes = new Set(counted('sluice-polls').map(({ labels }) => String(labels.outcome)));
  assert.deepEqual([...outcomes].sort(), ['no-change', 'requested', 'waiting-incomplete']);
  assert.ok(
    counted('sluice-polls').every(({ labels }) => labels.fresh === true && labels.pipeline === 'carmila'),
  );
  const bySchedule = lines().filter(({ jsonPayload }) => jsonPayload.occasion === 'schedule');
  assert.ok(bySchedule.length >= 1);
  assert.equal(counted('sluice-sweeps').length, bySchedule.length);
});

test('the alert of a failed run counts those that need an operator, and no other', () => {
  const { conditions } = inputsOf('gcp:monitoring/alertPolicy:AlertPolicy', 'alert-run-failed');
  const [condition] = conditions as { conditionMatchedLog: { filter: string } }[];
  const fits = readFilter(condition?.conditionMatchedLog.filter ?? '');
  const found = lines().filter((line) => fits({ ...line }));
  assert.deepEqual(found.map(({ jsonPayload }) => String(jsonPayload.outcome)).toSorted(), [
    'failed',
    'held',
    'quarantined',
  ]);
});

test('every alert and every chart is of a metric that the program makes', () => {
  const made = plan.filter(({ type }) => type === 'gcp:logging/metric:Metric').map(({ name }) => name);
  const asked = JSON.stringify(plan).matchAll(/logging\.googleapis\.com\/user\/([a-z-]+)/g);
  const names = new Set([...asked].map(([, name]) => name));
  assert.deepEqual([...names].sort(), made.toSorted());
});
