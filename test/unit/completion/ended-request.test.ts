// The line that is logged when a requested run ends: its times, its cost beside its estimate, and nothing of its content.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pino } from 'pino';
import { logRequestEnd } from '../../../shared/completion/ended-request.ts';
import { toJson } from '../../../shared/objects/json.ts';
import { MemoryStore } from '../../../shared/objects/memory.ts';
import { costOf } from '../../../shared/requests/prices.ts';
import { requestedRunOf } from '../../../shared/requests/names.ts';
import { requestObject, startedObject } from '../../../shared/runs/names.ts';
import type { RunOutcome } from '../../../shared/runs/outcome.ts';

const PIPELINE = 'what-if';
const OWNER = { issuer: 'https://accounts.google.com', subject: 'ada' };
const RUN = requestedRunOf(OWNER, PIPELINE, 'key');
const SIZE = { cpu: 2, memory: '4Gi' } as const;
const at = (second: number) => new Date(Date.UTC(2026, 10, 27, 8) + second * 1000).toISOString();

async function store(starts: readonly number[], expected: number | null) {
  const runs = new MemoryStore('runs');
  const record = {
    ...{ pipeline: PIPELINE, run: RUN, requester: { ...OWNER, email: 'ada@example.org' } },
    ...{ acceptedAt: at(0), expiresAt: at(3600), bodyHash: 'a'.repeat(64), preset: null, priority: 5 },
    ...{ maxCost: null, units: 1, approval: 'none' },
    estimate: {
      ...{ low: 0.01, expected, high: 0.5, currency: 'USD', hash: '0'.repeat(16) },
      basis: { runs: 0, from: null, to: null, prices: '2026-11-21' },
    },
  };
  const put = (name: string, value: unknown) => runs.create(name, toJson(value), 'application/json');
  await put(requestObject(PIPELINE, RUN), record);
  for (const [index, second] of starts.entries()) {
    const attempt = index + 1;
    const started = { pipeline: PIPELINE, run: RUN, attempt, execution: `e-${attempt}`, at: at(second) };
    await put(startedObject(PIPELINE, RUN, attempt), started);
  }
  return runs;
}

async function lineOf(
  runs: MemoryStore,
  outcome: Pick<RunOutcome, 'outcome' | 'attempt'>,
  jobEndedAt?: string,
): Promise<Record<string, unknown>> {
  const lines: string[] = [];
  const ended = {
    pipeline: PIPELINE,
    run: RUN,
    code: null,
    reason: 'r',
    rows: null,
    at: at(400),
    ...outcome,
  };
  const log = pino({ base: null }, { write: (line: string) => void lines.push(line) });
  await logRequestEnd({ runs, log }, ended, { size: SIZE, jobEndedAt });
  return JSON.parse(lines.at(-1) ?? '') as Record<string, unknown>;
}

test('a run of two attempts shows its wait, its whole time and what both cost, beside the estimate', async () => {
  const line = await lineOf(await store([10, 200], 0.02), { outcome: 'published', attempt: 2 }, at(390));
  const cost = costOf(SIZE, 190) + costOf(SIZE, 200);
  assert.partialDeepStrictEqual(line, {
    ...{ event: 'request-ended', pipeline: PIPELINE, outcome: 'published' },
    ...{ seconds: 400, waitSeconds: 10, jobSeconds: 190, cost, costMicros: Math.round(cost * 1e6) },
    ...{ estimate: 0.02, estimateMicros: 20_000 },
  });
  assert.doesNotMatch(JSON.stringify(line), /ada@|bodyHash/);
});

test('a run that never started has waited and cost nothing; its bound stands for an estimate without history', async () => {
  const line = await lineOf(await store([], null), { outcome: 'expired', attempt: 0 });
  assert.partialDeepStrictEqual(line, { seconds: 400, estimate: 0.5 });
  for (const field of ['cost', 'costMicros', 'waitSeconds', 'jobSeconds']) assert.ok(!(field in line), field);
});

test('a run whose record is gone is logged all the same', async () => {
  const line = await lineOf(new MemoryStore('runs'), { outcome: 'failed', attempt: 1 });
  assert.partialDeepStrictEqual(line, { event: 'request-ended', outcome: 'failed' });
  assert.ok(!('seconds' in line));
});
