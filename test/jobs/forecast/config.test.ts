// The job's environment, read at once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfig } from '../../../jobs/forecast/config.ts';

const ENV = {
  GOOGLE_CLOUD_PROJECT: 'sluice-local',
  PIPELINE: 'carmila',
  RUN_ID: '000005-3fa9c1d2',
  ATTEMPT: '2',
  RUNS_BUCKET: 'runs',
  RESULTS_BUCKET: 'results',
  TRAINING_CACHE_BUCKET: 'training-cache',
};

test('the horizon is twelve weeks and the country France by default', () => {
  const config = readConfig(ENV);
  assert.deepEqual([config.ATTEMPT, config.HORIZON_DAYS, config.COUNTRY], [2, 84, 'FR']);
  const other = readConfig({ ...ENV, HORIZON_DAYS: '28', COUNTRY: 'DE' });
  assert.deepEqual([other.HORIZON_DAYS, other.COUNTRY], [28, 'DE']);
});

test('the engine is XGBoost, found by the loader, unless a fallback is allowed by name', () => {
  const { ENGINE_FALLBACK, XGBOOST_LIBRARY, THREADS } = readConfig(ENV);
  assert.deepEqual([ENGINE_FALLBACK, XGBOOST_LIBRARY, THREADS], ['none', undefined, undefined]);
  assert.equal(readConfig({ ...ENV, ENGINE_FALLBACK: 'seasonal', THREADS: '2' }).THREADS, 2);
  assert.throws(() => readConfig({ ...ENV, ENGINE_FALLBACK: 'any' }), /ENGINE_FALLBACK: found "any"/);
  assert.throws(() => readConfig({ ...ENV, THREADS: '0' }), /THREADS: found "0"/);
});

test('every variable that is wrong is named, with what was found', () => {
  const wrong = {
    ...ENV,
    RUN_ID: '../x',
    ATTEMPT: '0',
    HORIZON_DAYS: 'many',
    COUNTRY: 'ZZ',
    RUNS_BUCKET: undefined,
  };
  assert.throws(
    () => readConfig(wrong),
    (error: Error) => {
      for (const name of [
        'RUN_ID: found "../x"',
        'ATTEMPT: found "0"',
        'HORIZON_DAYS: found "many"',
        'COUNTRY: found "ZZ"',
        'RUNS_BUCKET: found nothing',
      ]) {
        assert.ok(error.message.includes(name), `${name} in ${error.message}`);
      }
      return true;
    },
  );
});
