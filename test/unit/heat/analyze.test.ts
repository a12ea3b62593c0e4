// What a request for an analysis may ask for, and the configuration of a city that it becomes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askedOf, reasonOf } from '../../../jobs/heat/analyze/asked.ts';
import { analyzeParameters, ATTACHMENTS, daysOf } from '../../../models/heat/analyze.ts';
import { mapFile, reportDocument, reportPage } from '../../../models/heat/published-files.ts';
import { heatAnalyze } from '../../../pipelines/heat-analyze.ts';
import { cityOf } from '../../jobs/heat/publishing/stage-files.ts';

const PARIS = cityOf({ mode: { dry_run: true } });
const NICE = cityOf({ city: 'nice' });

const refusals = (parameters: object, cities = [PARIS, NICE]) => {
  const asked = askedOf(parameters as Record<string, unknown>, cities);
  assert.equal(asked.kind, 'refused');
  return asked.kind === 'refused' ? asked.problems : [];
};

test('the only city is meant where none is named; its period and threshold stand', () => {
  const asked = askedOf({}, [PARIS]);
  assert.ok(asked.kind === 'city');
  const { city, period, indicators, mode, output } = asked.city;
  assert.deepEqual([city, period, indicators.threshold_celsius], ['paris', PARIS.period, 30]);
  assert.equal(mode.dry_run, false);
  assert.deepEqual(output.formats, ['geotiff', 'png']);
});

test('a period and a threshold take the place of the configured ones', () => {
  const period = { start: '2024-07-02', end: '2024-07-02' };
  const asked = askedOf({ city: 'nice', period, threshold_celsius: -3 }, [PARIS, NICE]);
  assert.ok(asked.kind === 'city');
  assert.deepEqual(
    [asked.city.city, asked.city.period, asked.city.indicators.threshold_celsius],
    ['nice', period, -3],
  );
});

test('a city that is not configured is refused by its field, and the reason does not repeat what was sent', () => {
  const problems = refusals({ city: 'lyon' });
  assert.deepEqual(
    problems.map(({ column, message }) => [column, message]),
    [['/city', '/city: found "lyon"; expected one of the configured cities: paris, nice']],
  );
  assert.equal(reasonOf(problems), '/city: expected one of the configured cities: paris, nice');
  assert.match(refusals({})[0]?.message ?? '', /found none, and 2 are configured/);
  assert.match(refusals({ period: 1 })[0]?.column ?? '', /^\/period$/);
});

test('periods are whole, in their sequence, and bounded', () => {
  const accepts = (start: string, end: string) =>
    analyzeParameters.safeParse({ period: { start, end } }).success;
  assert.equal(accepts('2024-07-01', '2024-07-01'), true);
  assert.equal(accepts('2024-07-01', '2024-09-30'), true);
  assert.equal(accepts('2024-07-01', '2024-10-01'), false);
  assert.equal(accepts('2024-07-02', '2024-07-01'), false);
  assert.equal(accepts('2024-02-30', '2024-03-01'), false);
  assert.equal(daysOf({ start: '2024-02-28', end: '2024-03-01' }), 3);
});

test('the size of a run is its days', () => {
  const { units } = heatAnalyze.trigger;
  assert.equal(units({ period: { start: '2024-07-01', end: '2024-07-10' } }), 10);
  assert.equal(units({}), 31);
});

test('maps, pictures and reports are attachments, and chunks of a store are none', () => {
  for (const name of [
    mapFile('nice', 'ndvi', 'tif'),
    reportPage('nice', 'fr'),
    reportDocument('a-b', 'en'),
    reportDocument('a-b', 'fr'),
    'nice_metrics.json',
  ])
    assert.match(name, ATTACHMENTS);
  for (const name of ['nice.zarr/t2m/0.0.0', 'nice_error.tif', 'nice_checkpoint-unet.bin', 'report.html'])
    assert.doesNotMatch(name, ATTACHMENTS);
});
