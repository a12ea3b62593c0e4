// The job's configuration: what has a default, what may be absent, and that every wrong variable is named.
import assert from 'node:assert/strict';
import test from 'node:test';
import { placesOf, readConfig } from '../../../jobs/heat/config.ts';

const ENV = {
  GOOGLE_CLOUD_PROJECT: 'heat-test',
  PIPELINE: 'heat',
  RUN_ID: '000001-0a0b0c0d',
  ATTEMPT: '1',
  RUNS_BUCKET: 'runs-heat-test',
  RESULTS_BUCKET: 'results-heat-test',
  TRAINING_CACHE_BUCKET: 'cache-heat-test',
};

test('services have their documented addresses, and the library of XGBoost is found by the system', () => {
  const config = readConfig(ENV);
  assert.equal(config.XGBOOST_LIBRARY, undefined);
  assert.equal(config.CDS_API_KEY, undefined);
  assert.match(placesOf(config).cds, /^https:\/\/cds\.climate\.copernicus\.eu/);
});

test('the path of the library and other addresses are taken', () => {
  const config = readConfig({
    ...ENV,
    XGBOOST_LIBRARY: '/opt/libxgboost.so',
    STAC_URL: 'https://stac.example/v1/',
  });
  assert.equal(config.XGBOOST_LIBRARY, '/opt/libxgboost.so');
  assert.equal(placesOf(config).stac, 'https://stac.example/v1');
});

test('every wrong variable is named at once', () => {
  assert.throws(
    () => readConfig({ ...ENV, ATTEMPT: '0', FILE_HOSTS: 'https://a/b', RUNS_BUCKET: '' }),
    (error: Error) => ['ATTEMPT', 'FILE_HOSTS', 'RUNS_BUCKET'].every((name) => error.message.includes(name)),
  );
});
