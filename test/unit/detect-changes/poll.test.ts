// What a poll of the folder leads to, decided from the listing, the pipeline state and the clock alone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decidePoll, type Observation } from '../../../functions/detect-changes/decide.ts';
import { emptyState } from '../../../shared/runs/state.ts';
import { anyOf, manyOf, oneOf } from '../../../shared/pipelines/source.ts';
import { castRoles } from '../../../shared/sources/roles.ts';
import { revisionOf, type SourceFile } from '../../../shared/sources/snapshot.ts';

const MINUTE = 60_000;
const NOW = Date.UTC(2026, 10, 20, 12);
const ROLES = {
  flux: manyOf(/^\d{4} flux quotidiens\.xlsx$/),
  transco: oneOf('Transco.xlsx'),
  openings: oneOf(/OE.*2024|2024.*OE/),
};

let ids = 0;
const file = (name: string, more: Partial<SourceFile> = {}): SourceFile => ({
  id: `id-${++ids}`,
  name,
  content: { kind: 'md5', md5Hex: 'a'.repeat(32) },
  sizeBytes: 1000,
  modifiedAtMs: NOW - 10 * MINUTE,
  ...more,
});
const sheet = (name: string, version = '7') =>
  file(name, { content: { kind: 'sheet-version', version }, sizeBytes: 0 });

const FOLDER = [file('2025 flux quotidiens.xlsx'), file('Transco.xlsx'), file('OE 2024.xlsx')];
const REVISION = revisionOf(snapshotOf(FOLDER));

function snapshotOf(files: readonly SourceFile[]) {
  const cast = castRoles(files, ROLES);
  assert.equal(cast.kind, 'complete');
  return cast.kind === 'complete' ? cast.snapshot : [];
}

const observationOf = (more: Partial<Observation> = {}): Observation => ({
  pipeline: 'carmila',
  roles: ROLES,
  files: FOLDER,
  state: undefined,
  settleMs: 5 * MINUTE,
  nowMs: NOW,
  nonce: null,
  cause: { kind: 'schedule', by: 'scheduler@test', reason: null },
  ...more,
});

const stateAt = (
  revision: string | null,
  sequence = 4,
  nonce: string | null = null,
): Observation['state'] => ({
  token: 'theirs',
  revision,
  poll: null,
  paused: null,
  stale: null,
  request: {
    pipeline: 'carmila',
    run: `00000${sequence}-${REVISION.slice(0, 8)}`,
    sequence,
    revision: REVISION,
    snapshot: [],
    requestedAt: new Date(NOW).toISOString(),
    nonce,
    cause: { kind: 'schedule', by: 'scheduler@test', reason: null },
  },
});

test('a complete folder that has settled becomes the next run, named after its sequence and its revision', () => {
  const decision = decidePoll(observationOf());
  assert.equal(decision.kind, 'request');
  assert.equal(decision.kind === 'request' && decision.request.run, `000001-${REVISION.slice(0, 8)}`);
  const next = decidePoll(observationOf({ state: stateAt('f'.repeat(64)) }));
  assert.equal(next.kind === 'request' && next.request.sequence, 5);
});

test('a revision that counts as seen is no change; a state that forgot its revision leads to a new poll', () => {
  assert.deepEqual(decidePoll(observationOf({ state: stateAt(REVISION) })), { kind: 'no-change' });
  const again = decidePoll(observationOf({ state: stateAt(null) }));
  assert.equal(again.kind === 'request' && again.request.run, `000005-${REVISION.slice(0, 8)}`);
});

test('a nonce asks for a run of an unchanged folder, once', () => {
  const asked = decidePoll(observationOf({ state: stateAt(REVISION), nonce: 'n1' }));
  assert.equal(asked.kind === 'request' && asked.request.nonce, 'n1');
  assert.equal(
    decidePoll(observationOf({ state: stateAt(REVISION, 4, 'n1'), nonce: 'n1' })).kind,
    'no-change',
  );
});

test('ids, times and the order of the listing are no part of a revision; names and contents are', () => {
  const moved = FOLDER.toReversed().map((each) => ({ ...each, id: 'new', modifiedAtMs: 1 }));
  assert.equal(revisionOf(snapshotOf(moved)), REVISION);
  const edited = [file('2025 flux quotidiens.xlsx', { content: { kind: 'md5', md5Hex: 'b'.repeat(32) } })];
  assert.notEqual(revisionOf(snapshotOf([...edited, ...FOLDER.slice(1)])), REVISION);
  const renamed = [file('2026 flux quotidiens.xlsx'), ...FOLDER.slice(1)];
  assert.notEqual(revisionOf(snapshotOf(renamed)), REVISION);
});

test('a name in decomposed Unicode is the same name, and the same revision', () => {
  const roles = { census: oneOf('Recensement été.xlsx') };
  const [nfc, nfd] = ['NFC', 'NFD'].map((form) =>
    castRoles([file('Recensement été.xlsx'.normalize(form))], roles),
  );
  assert.ok(nfc?.kind === 'complete' && nfd?.kind === 'complete');
  assert.equal(revisionOf(nfd.snapshot), revisionOf(nfc.snapshot));
  const both = ['NFC', 'NFD'].map((form) => file('Recensement été.xlsx'.normalize(form)));
  assert.equal(castRoles(both, { census: manyOf(/^Recensement/) }).kind, 'ambiguous');
});

test('a role of any number of files is complete without one, and takes those that are there', () => {
  const roles = { cities: manyOf(/\.yml$/), raw: anyOf(/\.nc$/) };
  const rolesOf = (...names: string[]) => {
    const cast = castRoles(
      names.map((name) => file(name)),
      roles,
    );
    return cast.kind === 'complete' ? cast.snapshot.map(({ role, name }) => `${role} ${name}`) : cast.kind;
  };
  assert.deepEqual(rolesOf('paris.yml'), ['cities paris.yml']);
  assert.deepEqual(rolesOf('paris.yml', 'era5.nc'), ['cities paris.yml', 'raw era5.nc']);
  assert.equal(rolesOf('era5.nc'), 'incomplete');
});

test("office's owner files and files without a role are left alone", () => {
  const more = [
    file('~$Transco.xlsx'),
    file('notes.txt'),
    file('~$2025 flux quotidiens.xlsx'),
    file('x.xlsx'),
  ];
  assert.equal(revisionOf(snapshotOf([...FOLDER, ...more])), REVISION);
});

test('a Google Sheet plays the role with and without the ending, and its version is its content', () => {
  for (const name of ['Transco', 'Transco.xlsx']) {
    const files = [FOLDER[0], sheet(name), FOLDER[2]].filter((each) => each !== undefined);
    const first = revisionOf(snapshotOf(files));
    const edited = [FOLDER[0], sheet(name, '8'), FOLDER[2]].filter((each) => each !== undefined);
    assert.notEqual(revisionOf(snapshotOf(edited)), first, name);
  }
});

test('a missing role waits, and the reason names each', () => {
  const decision = decidePoll(observationOf({ files: FOLDER.slice(0, 1) }));
  assert.ok(decision.kind === 'no-run' && decision.outcome === 'waiting-incomplete');
  assert.match(decision.reason, /transco \(Transco\.xlsx\), openings/);
});

test('two files for one role, or two of one name, fail the poll and name both', () => {
  const twice = decidePoll(observationOf({ files: [...FOLDER, file('Transco.xlsx', { id: 'other' })] }));
  assert.ok(twice.kind === 'no-run' && twice.outcome === 'failed');
  assert.match(twice.reason, /2 files match the role transco: .*\(other\)/);
  const sameName = decidePoll(observationOf({ files: [...FOLDER, file('2025 flux quotidiens.xlsx')] }));
  assert.ok(sameName.kind === 'no-run' && sameName.outcome === 'failed');
  assert.match(sameName.reason, /Two files are named "2025 flux quotidiens\.xlsx"/);
});

test('a file larger than any workbook fails the poll before it is read', () => {
  const huge = file('Transco.xlsx', { sizeBytes: 5e12 });
  const decision = decidePoll(
    observationOf({ files: [...FOLDER.filter(({ name }) => name !== huge.name), huge] }),
  );
  assert.ok(decision.kind === 'no-run' && decision.outcome === 'failed');
  assert.match(decision.reason, /"Transco\.xlsx" has 5000000000000 bytes; expected at most/);
});

const changedAt = (modifiedAtMs: number, nowMs = NOW) =>
  decidePoll(
    observationOf({
      nowMs,
      files: [file('Transco.xlsx', { modifiedAtMs }), ...FOLDER.filter((_, i) => i !== 1)],
    }),
  );

test('the folder settles from its newest change on, to the millisecond', () => {
  const young = changedAt(NOW - 5 * MINUTE + 1);
  assert.ok(young.kind === 'no-run' && young.outcome === 'waiting-settling');
  assert.equal(changedAt(NOW - 5 * MINUTE).kind, 'request');
});

test('a file from the future is waited for no longer than the settling takes', () => {
  assert.equal(changedAt(NOW + 365 * 24 * 60 * MINUTE).kind, 'request');
  assert.equal(changedAt(NOW + 1000).kind, 'no-run');
});

test('a clock that jumped back an hour does not stop the mesh', () => {
  assert.equal(changedAt(NOW - 10 * MINUTE, NOW - 60 * MINUTE).kind, 'request');
});

test('a pipeline that is rerun without a change is asked for again when its time has come, and not before', () => {
  const first = decidePoll(observationOf());
  assert.ok(first.kind === 'request');
  const { request } = first;
  const state = { ...emptyState('theirs'), request, revision: request.revision };
  const later = (minutes: number, rerunEveryMs?: number) =>
    decidePoll(observationOf({ state, nowMs: NOW + minutes * MINUTE, rerunEveryMs }));
  assert.equal(later(59, 60 * MINUTE).kind, 'no-change');
  const rerun = later(60, 60 * MINUTE);
  assert.ok(rerun.kind === 'request');
  assert.equal(rerun.request.sequence, request.sequence + 1);
  assert.equal(rerun.request.revision, request.revision);
  assert.equal(later(10_000).kind, 'no-change');
});

test('a file of any type plays a role whose pattern matches it, and a copy of it is named with what was meant', () => {
  const roles = { grid: manyOf(/^grid \d{4}\.nc$/, 'grid 2025.nc'), stations: oneOf('stations.csv') };
  const files = [file('grid 2025.nc'), file('stations.csv'), file('readme.txt')];
  const decision = decidePoll(observationOf({ roles, files }));
  assert.ok(decision.kind === 'request');
  assert.deepEqual(
    decision.request.snapshot.map(({ role, name }) => [role, name]),
    [
      ['grid', 'grid 2025.nc'],
      ['stations', 'stations.csv'],
    ],
  );
  assert.equal(decision.notes, undefined);
  const copied = decidePoll(observationOf({ roles, files: [...files, file('grid 2024 (1).nc')] }));
  assert.deepEqual('notes' in copied ? copied.notes : [], [
    'grid 2024 (1).nc matches no role; did you mean grid 2024.nc?',
  ]);
});
