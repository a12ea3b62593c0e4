// What changed between two versions of rows, and the timeline of a run.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compare } from '../../../functions/console/reading/compare.ts';
import { timelineOf } from '../../../functions/console/reading/timeline.ts';
import { date, float, int, string } from '../../../shared/pipelines/columns.ts';

const OUTPUT = {
  columns: { mall: string(), day: date(), real: float().nullable(), model: int() },
  key: ['mall', 'day'] as const,
};
const row = (mall: string, day: string, real: string, model: string) => ({ mall, day, real, model });

describe('two versions of rows', () => {
  test('that are the same, in another order, do not differ', () => {
    const rows = [row('a', '2025-01-01', '1', '2'), row('b', '2025-01-01', '', '3')];
    const { added, removed, changed } = compare(OUTPUT, rows, rows.toReversed());
    assert.deepEqual([added, removed, changed], [[], [], []]);
  });

  test('are counted by key: added, removed, changed, and each column', () => {
    const before = [row('a', '1', '1', '2'), row('b', '1', '', '3'), row('c', '1', '5', '5')];
    const after = [row('a', '1', '9', '2'), row('b', '1', '4', '-7'), row('d', '1', '1', '1')];
    const compared = compare(OUTPUT, before, after);
    assert.deepEqual(
      [compared.added, compared.removed, compared.changed].map(({ length }) => length),
      [1, 1, 2],
    );
    assert.deepEqual(compared.columns, [
      { column: 'real', rows: 2 },
      { column: 'model', rows: 1 },
    ]);
    // An empty cell that was filled is a change, and no difference of a number.
    assert.deepEqual(
      compared.changed.map(({ key, difference }) => [key[0], difference]),
      [
        ['b', -10],
        ['a', 8],
      ],
    );
  });

  test('with keys that hold separators are not mistaken for others', () => {
    const compared = compare(OUTPUT, [row('a","b', 'c', '1', '1')], [row('a', 'b","c', '1', '1')]);
    assert.deepEqual([compared.added.length, compared.removed.length], [1, 1]);
  });

  test('list every change, the largest first', () => {
    const rows = Array.from({ length: 50 }, (_, index) => row(String(index), '1', '0', '0'));
    const after = rows.map((each, index) => ({ ...each, real: String(index - 25) }));
    const { changed } = compare(OUTPUT, rows, after);
    assert.equal(changed.length, 49);
    assert.deepEqual(
      changed.slice(0, 3).map(({ difference }) => difference),
      [-25, -24, 24],
    );
  });

  test('show what a row that was added has, and one that was removed had', () => {
    const { added, removed } = compare(OUTPUT, [row('a', '1', '5', '')], [row('b', '1', '', '7')]);
    assert.deepEqual(added, [
      { key: ['b', '1'], columns: [{ column: 'model', before: '', after: '7' }], difference: null },
    ]);
    assert.deepEqual(removed, [
      { key: ['a', '1'], columns: [{ column: 'real', before: '5', after: '' }], difference: null },
    ]);
  });
});

test('the timeline has each object in the order of writing, and its bars never leave their row', () => {
  const of = (name: string, createdAtMs: number) => ({
    ...{ name: `p/r/${name}`, generation: '1', sizeBytes: 1, md5: undefined, crc32c: '', contentType: '' },
    ...{ createdAtMs, customTimeMs: undefined, metadata: {} },
  });
  const steps = timelineOf([
    of('outcome.json', 9_000),
    of('request.json', 1_000),
    of('replay-x.json', 86_400_000),
    of('execution-1-started.json', 3_000),
    of('execution-1.json', 2_000),
    of('input/flux-1.frozen', 1_500),
  ]);
  assert.deepEqual(
    steps.map(({ kind }) => kind),
    ['requested', 'copied', 'submitted', 'started', 'ended', 'replayed'],
  );
  assert.deepEqual(steps.map(({ tookMs }) => tookMs).slice(0, 3), [0, 500, 500]);
  for (const { from, to } of steps) assert.ok(from >= 0 && from <= to && to <= 1);
  assert.equal(steps[4]?.to, 1, 'the run itself fills the row, whatever is replayed later');
  assert.deepEqual(timelineOf([]), []);
});
