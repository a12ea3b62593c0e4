// The record of the calls that changed something: written once for each, and listed the newest first.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listCalls, recordCall } from '../../../shared/api/audit.ts';
import { MemoryStore } from '../../../shared/objects/memory.ts';

const NOW = Date.UTC(2026, 10, 27, 3);
const DAY_MS = 86_400_000;
const caller = {
  issuer: 'https://accounts.google.com',
  subject: '1',
  email: 'ada@example.org',
  domain: null,
  tenant: null,
};

async function recorded(audit: MemoryStore, daysAgo: number, run: string, pipeline = 'sample') {
  const at = new Date(NOW - daysAgo * DAY_MS).toISOString();
  const call = { verb: 'cancel', pipeline, run, caller, at, traceId: 't', reason: run } as const;
  await recordCall(audit, call, 'id');
}

test('the newest calls of the pipeline are listed, however long ago', async () => {
  const audit = new MemoryStore('audit');
  for (const [daysAgo, run] of [
    [300, 'r-old'],
    [20, 'r-month'],
    [0.2, 'r-today'],
    [0.1, 'r-now'],
  ] as const)
    await recorded(audit, daysAgo, run);
  await recorded(audit, 0, 'r-other', 'other');
  const listed = async (count: number) =>
    (await listCalls(audit, 'sample', count, NOW)).map(({ reason }) => reason);
  assert.deepEqual(await listed(2), ['r-now', 'r-today']);
  assert.deepEqual(await listed(3), ['r-now', 'r-today', 'r-month']);
  assert.deepEqual(await listed(10), ['r-now', 'r-today', 'r-month', 'r-old']);
});

test('the same call again is the same record', async () => {
  const audit = new MemoryStore('audit');
  await recorded(audit, 0, 'r-1');
  await recorded(audit, 0, 'r-1');
  assert.equal((await listCalls(audit, 'sample', 10, NOW)).length, 1);
});
