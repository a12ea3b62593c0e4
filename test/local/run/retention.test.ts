// How long Cloud Run keeps executions: a job's last thousand, and all of the last seven days.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ExecutionRecord } from '../../../local/run/records.ts';
import { RunStore } from '../../../local/run/store.ts';
import { memoryState } from '../../../local/state/state.ts';

const JOB = 'projects/p/locations/l/jobs/forecast';
const DAY_MS = 24 * 60 * 60 * 1000;
const NOW = Date.UTC(2026, 0, 31);

const endedOn = (index: number, daysAgo: number): Omit<ExecutionRecord, 'sequence'> => ({
  ...{ name: `${JOB}/executions/e${index}`, job: JOB, uid: `e${index}`, logFile: '' },
  spec: {
    ...{ name: JOB, image: 'sample', env: {}, args: [], maxRetries: 0, timeoutSeconds: 60 },
    serviceAccountEmail: 'forecast@p.iam.gserviceaccount.com',
  },
  ...{ state: 'succeeded', attempts: 1, cancelRequested: false },
  ...{ createdAtMs: NOW - daysAgo * DAY_MS, lastChangeMs: NOW - daysAgo * DAY_MS },
});

function after(count: number, daysAgo: number): RunStore {
  const store = new RunStore(memoryState());
  for (let index = 0; index < count; index++) store.addExecution(endedOn(index, daysAgo));
  store.addExecution(endedOn(count, 0));
  return store;
}

test('of a thousand and more that are old, the last thousand are kept', () => {
  const store = after(1010, 8);
  assert.equal(store.executionCount(JOB), 1000);
  assert.equal(store.execution(`${JOB}/executions/e10`), undefined);
  assert.ok(store.execution(`${JOB}/executions/e11`));
});

test('all of the last seven days are kept, however many', () => {
  assert.equal(after(1010, 6).executionCount(JOB), 1011);
});
