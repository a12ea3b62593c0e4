// The job's environment, read at once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfig } from '../../../jobs/train-bikes/config.ts';

const ENV = {
  GOOGLE_CLOUD_PROJECT: 'sluice-local',
  PIPELINE: 'bikes',
  RUN_ID: '000005-3fa9c1d2',
  ATTEMPT: '2',
  RUNS_BUCKET: 'runs',
  RESULTS_BUCKET: 'results',
  TRAINING_CACHE_BUCKET: 'training-cache',
};

test('the champions, the library and the threads are given where they are known', () => {
  const { ATTEMPT, EXPORTS_BUCKET, XGBOOST_LIBRARY, THREADS } = readConfig(ENV);
  assert.deepEqual([ATTEMPT, EXPORTS_BUCKET, XGBOOST_LIBRARY, THREADS], [2, undefined, undefined, undefined]);
  const more = readConfig({ ...ENV, EXPORTS_BUCKET: 'exports', THREADS: '2' });
  assert.deepEqual([more.EXPORTS_BUCKET, more.THREADS], ['exports', 2]);
});

test('every wrong variable is named', () => {
  assert.throws(
    () => readConfig({ ...ENV, RUN_ID: 'x', THREADS: '65' }),
    /RUN_ID: found "x"[^]*THREADS: found "65"/,
  );
});
