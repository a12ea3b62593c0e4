// A folder that would lose a file of the last publication makes no run; notes on its files reach the state, the answer and the log.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answer } from '../../../functions/detect-changes/decide.ts';
import { detectChanges } from '../../../functions/detect-changes/detect-changes.ts';
import { carmila } from '../../../pipelines/carmila.ts';
import { createLog } from '../../../shared/logging.ts';
import { readJson } from '../../../shared/objects/json.ts';
import { MemoryStore } from '../../../shared/objects/memory.ts';
import { readState, runRequest } from '../../../shared/runs/state.ts';
import { requestObject } from '../../../shared/runs/names.ts';
import { recordOutcome, type Outcome } from '../../../shared/runs/outcome.ts';
import type { ListedFile } from '../../../shared/sources/snapshot.ts';

const NOW = Date.UTC(2026, 0, 5, 12);
const Y2024 = '2024 flux quotidiens.xlsx';
const Y2025 = '2025 flux quotidiens.xlsx';
const FOLDER: Readonly<Record<string, number>> = {
  [Y2024]: 1,
  [Y2025]: 1,
  'Transco.xlsx': 1,
  'OE 2024.xlsx': 1,
};

/** A folder whose files are named with the digit that is their content, and a mesh that polls it. */
function startPolling() {
  const runs = new MemoryStore('runs');
  const lines: Record<string, unknown>[] = [];
  let files: readonly ListedFile[] = [];
  let ids = 0;
  const log = createLog('test', 'sluice-local');
  for (const level of ['info', 'warn', 'error'] as const) {
    log[level] = ((line: Record<string, unknown>, text: string) =>
      void lines.push({ ...line, text })) as never;
  }
  const mesh = {
    runs,
    source: { list: () => Promise.resolve(files) } as never,
    runRequested: { publish: () => Promise.resolve() },
    now: () => NOW,
    newId: () => `t${++ids}`,
    log,
  };
  const poll = async (nonce: string | null = null): Promise<Answer> => {
    const cause = { kind: nonce === null ? 'schedule' : 'person', by: 'ops@test', reason: null } as const;
    return detectChanges({ pipeline: carmila, place: 'f', settleMs: 0, nonce, cause }, mesh);
  };
  const put = (folder: Readonly<Record<string, number | 'shortcut'>>) => {
    files = Object.entries(folder).map(([name, content]) => ({
      ...{ id: name, name, sizeBytes: 10, modifiedAtMs: NOW - 3_600_000 },
      content:
        content === 'shortcut'
          ? { kind: 'unreadable', why: 'shortcut', isSheet: false }
          : { kind: 'md5', md5Hex: String(content).repeat(32) },
    })) as ListedFile[];
  };
  return {
    lines,
    put,
    poll,
    async requested(nonce: string | null = null): Promise<string> {
      const answer = await poll(nonce);
      assert.equal(answer.kind, 'requested', JSON.stringify(answer));
      return answer.kind === 'requested' ? answer.run : '';
    },
    async waits(): Promise<string> {
      const answer = await poll();
      assert.ok(answer.kind === 'poll' && answer.outcome === 'waiting-incomplete', JSON.stringify(answer));
      return answer.reason;
    },
    end: (run: string, outcome: Outcome) =>
      recordOutcome(runs, {
        ...{ pipeline: 'carmila', run, outcome, code: null, reason: '', attempt: 1, rows: 1 },
        at: new Date(NOW).toISOString(),
      }),
    state: async () => (await readState(runs, 'carmila'))?.value,
    request: async (run: string) => (await readJson(runs, requestObject('carmila', run), runRequest))?.value,
  };
}

const without = (name: string, changes: Readonly<Record<string, number | 'shortcut'>> = {}) =>
  Object.fromEntries(Object.entries({ ...FOLDER, ...changes }).filter(([each]) => each !== name));

async function published(files: Readonly<Record<string, number | 'shortcut'>> = FOLDER) {
  const place = startPolling();
  place.put(files);
  const run = await place.requested();
  await place.end(run, 'published');
  return { ...place, run };
}

test('a folder that lost a year of the last publication waits, and names the year, the run and what to do', async () => {
  const place = await published();
  place.put(without(Y2024));
  const reason = await place.waits();
  assert.equal(
    reason,
    `The last publication (run ${place.run}) used ${Y2024}, and the source no longer holds it. Put it back. ` +
      'To run without it: npm run sluice -- run --force --pipeline carmila --reason "<why>"',
  );
  assert.equal((await place.state())?.poll?.reason, reason);
  place.put(FOLDER);
  assert.deepEqual(await place.poll(), {
    kind: 'poll',
    outcome: 'no-change',
    code: null,
    reason: 'The source is unchanged.',
  });
});

test('a year that was renamed to a name that nearly plays its role is named as well', async () => {
  const place = await published();
  place.put(without(Y2024, { '2024 flux quotidiens (1).xlsx': 1 }));
  assert.match(await place.waits(), /matches no role; did you mean 2024 flux quotidiens\.xlsx\?/);
});

test('a year in another letter case, and a census of another name, have not disappeared', async () => {
  const place = await published();
  place.put(without(Y2024, { '2024 Flux quotidiens.XLSX': 1 }));
  await place.requested();
  place.put({ ...without('OE 2024.xlsx'), 'OE 2024 v2.xlsx': 1 });
  await place.requested();
});

test('an operator accepts the disappearance with a forced run, whose notes say so; later runs go on from there', async () => {
  const place = await published();
  place.put(without(Y2024));
  await place.waits();
  const forced = await place.requested('n1');
  assert.match(
    (await place.request(forced))?.notes?.[0] ?? '',
    /used 2024 flux.*left out, accepted by ops@test$/,
  );
  assert.equal((await place.poll()).kind, 'poll');
  // Before the forced run is published, and although it never is.
  await place.end(forced, 'failed');
  place.put(without(Y2024, { [Y2025]: 2 }));
  const next = await place.requested();
  await place.end(next, 'published');
  place.put(without(Y2024, { [Y2025]: 3 }));
  await place.requested();
});

test('what counts is the last publication, not a run after it that failed or is in progress', async () => {
  const place = await published();
  place.put({ ...FOLDER, '2023 flux quotidiens.xlsx': 7 });
  const failed = await place.requested();
  await place.end(failed, 'failed');
  place.put({ ...FOLDER, [Y2025]: 2 });
  await place.requested();
  place.put(without(Y2024, { [Y2025]: 3 }));
  assert.match(await place.waits(), new RegExp(`run ${place.run}\\) used ${Y2024}`));
});

test('before the first publication nothing can disappear', async () => {
  const place = startPolling();
  place.put(FOLDER);
  await place.requested();
  place.put(without(Y2024));
  await place.requested();
});

test('a year that becomes a shortcut waits; accepted once, the same shortcut waits no more', async () => {
  const place = await published();
  place.put({ ...FOLDER, '2026 flux quotidiens.xlsx': 'shortcut' });
  assert.match(await place.waits(), /^2026 flux quotidiens\.xlsx is a shortcut/);
  const forced = await place.requested('n1');
  assert.deepEqual((await place.request(forced))?.notes, [
    '2026 flux quotidiens.xlsx is a shortcut; put the file itself into the folder',
  ]);
  assert.equal((await place.poll()).kind, 'poll');
  place.put({ ...FOLDER, [Y2025]: 2, '2026 flux quotidiens.xlsx': 'shortcut' });
  await place.requested();
  place.put({
    ...FOLDER,
    [Y2025]: 2,
    '2026 flux quotidiens.xlsx': 'shortcut',
    '2027 flux quotidiens.xlsx': 'shortcut',
  });
  await place.waits();
});

test('notes on an unchanged folder are in the answer, the state and the log, and end with their cause', async () => {
  const place = await published();
  const note =
    'Transco (1).xlsx matches no role; did you mean Transco.xlsx? Transco.xlsx is in the folder too: keep the newer of the two';
  place.put({ ...FOLDER, 'Transco (1).xlsx': 5 });
  const answer = await place.poll();
  assert.deepEqual(answer, {
    kind: 'poll',
    outcome: 'no-change',
    code: null,
    reason: 'The source is unchanged.',
    notes: [note],
  });
  assert.deepEqual((await place.state())?.notes, [note]);
  const line = place.lines.at(-1);
  assert.deepEqual(line?.['notes'], [note]);
  assert.equal(line['text'], `No run requested: The source is unchanged. ${note}.`);
  const token = (await place.state())?.token;
  await place.poll();
  assert.equal((await place.state())?.token, token, 'the same notes are written once');
  place.put(FOLDER);
  await place.poll();
  assert.equal((await place.state())?.notes, undefined);
});

test('a request carries its notes', async () => {
  const place = await published({ ...FOLDER, 'Transco (1).xlsx': 5 });
  assert.match((await place.request(place.run))?.notes?.[0] ?? '', /^Transco \(1\)\.xlsx matches no role/);
});
