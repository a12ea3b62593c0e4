// Once a day the sweep asks that superseded files begin to count their days, where a pipeline publishes any.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pino } from 'pino';
import { sweepAll } from '../../../functions/sweep-runs/sweep-all.ts';
import { carmila } from '../../../pipelines/carmila.ts';
import { TransientError } from '../../../shared/errors.ts';
import { MemoryStore } from '../../../shared/objects/memory.ts';
import { files } from '../../../shared/pipelines/outputs.ts';

const heat = { ...carmila, name: 'heat', outputs: [files({ name: 'maps', pattern: /tif$/, checks: [] })] };
const unasked = () => Promise.reject(new Error('this was not to be asked for'));
const jobs = { start: unasked, find: unasked, get: unasked, cancel: unasked } as never;

async function sweptAt(hour: number, minute: number, publish: (pipeline: string) => Promise<void>) {
  return sweepAll(
    [carmila, heat].map((pipeline) => ({ pipeline, jobs })),
    {
      runs: new MemoryStore('runs'),
      results: new MemoryStore('results'),
      requests: new MemoryStore('requests'),
      runRequested: { publish: unasked },
      loadRequested: { publish: unasked },
      tidyRequested: { publish: ({ pipeline }) => publish(pipeline) },
      overdueMs: 0,
      now: () => Date.UTC(2026, 0, 5, hour, minute),
      newId: unasked as never,
      log: pino({ level: 'silent' }),
    },
  );
}

test('in one sweep of the day, for the pipelines that publish files or models', async () => {
  const asked: string[] = [];
  const ask = async (pipeline: string) => void asked.push(pipeline);
  for (const [hour, minute] of [
    [2, 59],
    [3, 10],
    [15, 5],
  ] as const)
    await sweptAt(hour, minute, ask);
  assert.deepEqual(asked, []);
  await sweptAt(3, 5, ask);
  assert.deepEqual(asked, ['heat']);
});

test('that it failed is a problem of that pipeline, so that it is asked for again', async () => {
  const swept = await sweptAt(3, 0, () => Promise.reject(new TransientError('publish-output is away')));
  assert.deepEqual(
    swept.map(({ pipeline, problems }) => [pipeline, problems]),
    [
      ['carmila', []],
      ['heat', ['publish-output is away']],
    ],
  );
});
