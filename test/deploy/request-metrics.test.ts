// The metrics of requested runs are made of lines that the functions write: each selects some, with a label or a number.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { dispatch } from '../../functions/start-run/dispatch/dispatch.ts';
import { filterOf, type Definition } from '../../infra/metric-lines.ts';
import { REQUEST_METRICS } from '../../infra/request-metrics.ts';
import { readFilter } from '../../local/logging/filter.ts';
import { passStart } from '../../shared/requests/gates.ts';
import { ADA, ApiPlace } from '../unit/api/api-place.ts';
import { DispatchPlace, PIPELINE } from '../unit/start-run/dispatch-place.ts';

type Line = Readonly<Record<string, unknown>>;

const HOUR_MS = 3_600_000;
const SECRET = 'what was asked for';
let lines: readonly Line[];
let stuck: readonly Line[];
before(async () => {
  const api = new ApiPlace();
  const body = { pipeline: 'sample', parameters: { seconds: 2, text: SECRET } };
  await api.open().accept('POST /pipeline/run', { as: ADA, key: 'k1', body });
  const place = new DispatchPlace({ concurrency: 1 });
  await place.ask({ key: SECRET });
  const waits = await place.ask({ owner: 'bob' });
  await place.dispatch();
  // The slot stays occupied: decision 1 stays the newest, and the second request gets older.
  place.nowMs += 2 * HOUR_MS;
  const instance = place.ports();
  const from = place.lines.length;
  for (let call = 0; call < 3; call++) await dispatch(place.pipeline, waits, instance);
  stuck = place.lines.slice(from);
  const at = new Date(place.nowMs).toISOString();
  await passStart(place.runs, PIPELINE, waits, { kind: 'cancel', by: 'bob', reason: 'too slow', at });
  await place.finish(() => true);
  lines = [...(api.lines as readonly object[] as readonly Line[]), ...place.lines];
});

const selected = (definition: Definition): readonly Line[] => {
  const fits = readFilter(filterOf(definition.lines));
  return lines.filter((jsonPayload) => fits({ resource: { type: 'cloud_run_revision' }, jsonPayload }));
};

for (const [name, definition] of Object.entries<Definition>(REQUEST_METRICS))
  test(`${name} has its labels and its number in the lines that it selects`, () => {
    const found = selected(definition);
    assert.ok(found.length > 0);
    for (const line of found) for (const label of definition.labels ?? []) assert.ok(label in line, label);
    const { value } = definition;
    if (value !== undefined) assert.ok(found.some((line) => typeof line[value] === 'number'));
  });

test('a queue in which nothing can start is reported once a minute, as late after an hour', () => {
  const found = stuck.filter(({ event, n }) => event === 'dispatched' && n === 1);
  assert.deepEqual(
    found.map(({ waiting, oldestSeconds, late }) => [waiting, oldestSeconds, late]),
    [[1, 7200, true]],
  );
  assert.equal(selected(REQUEST_METRICS['sluice-dispatches'])[0]?.['late'], false);
});

test('each run ends in one line, with its outcome', () => {
  const ended = selected(REQUEST_METRICS['sluice-requests-ended']);
  assert.deepEqual(ended.map(({ outcome }) => outcome).toSorted(), ['cancelled', 'failed']);
  assert.ok(Number(ended.find(({ outcome }) => outcome === 'failed')?.['costMicros']) > 0);
});

test('no line holds what was asked for', () => {
  assert.doesNotMatch(JSON.stringify(lines), new RegExp(SECRET));
});
