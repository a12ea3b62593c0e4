// The versions of a model that were current, and where a rollback goes by default.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PublishedOutput } from '../../../shared/outputs/published.ts';
import { versionBefore, versionsOf } from '../../../shared/publications/versions.ts';

const run = (sequence: number) => `${String(sequence).padStart(6, '0')}-0123abcd`;
const model = (output: string, of: number, publication: string, pinned = false): PublishedOutput => ({
  ...{ kind: 'model', output, publication, run: run(of), files: [], pinned },
});

/** An entry after which `reg` is the version of that run, and `class` always that of the first one. */
const entry = (
  ordinal: number,
  of: number,
  publication = `p${of}`,
  more: { pinned?: boolean; kind?: string } = {},
) => ({
  ordinal,
  kind: more.kind ?? 'run',
  publishedAtMs: ordinal * 1000,
  outputs: [model('reg', of, publication, more.pinned), model('class', 1, 'p1')],
});

const before = (...entries: Parameters<typeof versionsOf>[0]) =>
  versionBefore(versionsOf(entries, 'reg'))?.publication;

describe('the versions of a model', () => {
  test('are those that were current, with the entry that made them so and the pin of now', () => {
    // The candidate of run 2 was only registered; the entry 4 pins.
    const entries = [entry(1, 1), entry(2, 1), entry(3, 3), entry(4, 3, 'p3', { pinned: true, kind: 'pin' })];
    const shown = versionsOf(entries, 'reg').map(({ publication, ordinal, madeBy, sinceMs, pinned }) => ({
      ...{ publication, ordinal, madeBy, sinceMs, pinned },
    }));
    assert.deepEqual(shown, [
      { publication: 'p1', ordinal: 1, madeBy: 'run', sinceMs: 1000, pinned: false },
      { publication: 'p3', ordinal: 3, madeBy: 'run', sinceMs: 3000, pinned: true },
    ]);
  });

  test('of one model do not depend on those of another, and a model that is not there has none', () => {
    const entries = [entry(1, 1), entry(2, 2), entry(3, 3)];
    assert.deepEqual(
      versionsOf(entries, 'class').map(({ ordinal }) => ordinal),
      [1],
    );
    assert.deepEqual(versionsOf(entries, 'speed'), []);
    assert.deepEqual(versionsOf([], 'reg'), []);
  });
});

describe('a rollback goes', () => {
  test('nowhere while there is no version of an earlier run', () => {
    assert.equal(before(), undefined);
    assert.equal(before(entry(1, 1), entry(2, 1)), undefined);
  });

  test('to the version before, past candidates that were only registered', () => {
    assert.equal(before(entry(1, 1), entry(2, 2)), 'p1');
    assert.equal(before(entry(1, 1), entry(2, 2), entry(3, 2)), 'p1');
    assert.equal(before(entry(1, 1), entry(2, 1), entry(3, 3)), 'p1');
  });

  test('further back the second time, and not to what the first one took away', () => {
    const back = entry(4, 2, 'back', { kind: 'rollback', pinned: true });
    const trained = [entry(1, 1), entry(2, 2), entry(3, 3)];
    assert.equal(before(...trained), 'p2');
    assert.equal(before(...trained, back), 'p1');
    assert.equal(before(...trained, back, entry(5, 1, 'further', { kind: 'rollback' })), undefined);
  });

  test('to the version that a rollback had brought, after a training has replaced it', () => {
    const back = entry(4, 1, 'back', { kind: 'rollback' });
    assert.equal(before(entry(1, 1), entry(2, 2), back, entry(5, 5)), 'back');
  });
});
