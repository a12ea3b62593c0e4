// What a pipeline says of its forecast: it names files and columns that its tables have.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { carmila } from '../../../pipelines/carmila.ts';
import { wrongForecast } from '../../../shared/pipelines/forecast.ts';
import { definePipeline } from '../../../shared/pipelines/pipeline.ts';

const { forecast } = carmila;
assert.ok(forecast);

test('a forecast whose names agree is one', () => {
  assert.deepEqual(wrongForecast(carmila), []);
  assert.deepEqual(wrongForecast({ outputs: [] }), []);
});

test('a file or a column that no table has is refused, all problems at once', () => {
  const wrong = {
    ...forecast,
    days: { ...forecast.days, actual: 'came', site: 'where' },
    band: { ...forecast.band, file: 'band.csv' },
  };
  assert.deepEqual(wrongForecast({ ...carmila, forecast: wrong }), [
    'forecast: predictions.csv has no column "where"',
    'forecast: predictions.csv has no column "came"',
    'forecast: no table is made of the file band.csv',
  ]);
  assert.throws(() => definePipeline({ ...carmila, forecast: wrong }), /is wrong: forecast: .*; forecast: /);
});
