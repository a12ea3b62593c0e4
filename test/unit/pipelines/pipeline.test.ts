// A pipeline's definition: what the types refuse when it compiles, and what it refuses when it is loaded.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  datesStartInJanuary,
  forecastNotWorseThan,
  noGapInDates,
  rowCountWithin,
} from '../../../shared/pipelines/checks.ts';
import { date, float, int, string } from '../../../shared/pipelines/columns.ts';
import { hours, minutes } from '../../../shared/pipelines/duration.ts';
import { countWithin, sizeWithin } from '../../../shared/pipelines/file-checks.ts';
import { files, model, table, tablesOf, type Output } from '../../../shared/pipelines/outputs.ts';
import { definePipeline, type Pipeline, type WatchPipeline } from '../../../shared/pipelines/pipeline.ts';
import { gatherPipelines, loadPipelines, pipelineNamed } from '../../../shared/pipelines/registry.ts';
import { type ServiceSpec } from '../../../shared/pipelines/services.ts';
import { fromEnv } from '../../../shared/pipelines/setting.ts';
import { bucket, driveFolder, manyOf, oneOf } from '../../../shared/pipelines/source.ts';
import { configured } from '../../../shared/pipelines/source-settings.ts';
import { watch } from '../../../shared/pipelines/trigger.ts';

const columns = { shop: string(), day: date(), sold: int().atLeast(0), price: float().nullable() };
const sales = {
  file: 'sales.csv',
  columns,
  key: ['shop', 'day'],
  checks: [noGapInDates('day', ['shop']), rowCountWithin(0.5, 2, { date: 'day' })],
  table: { dataset: 'sales', table: 'sales' },
} as const;
const source = driveFolder({
  folderId: fromEnv('A'),
  settleSeconds: fromEnv('B'),
  files: { sales: oneOf('x.xlsx') },
});
const base: WatchPipeline = {
  name: 'sales',
  trigger: watch({ schedule: '0 * * * *', freshness: hours(2), source }),
  job: { image: 'forecast', cpu: 1, memory: '1Gi', timeout: minutes(5), attempts: 1 },
  outputs: [table(sales)],
};
const triggered = (change: Partial<WatchPipeline['trigger']>): Partial<Pipeline> => ({
  trigger: { ...base.trigger, ...change },
});

test('a definition whose names agree compiles and loads', () => {
  assert.deepEqual(
    tablesOf(definePipeline(base)).map((each) => each.table.table),
    ['sales'],
  );
});

test('the types refuse a column that is not there', () => {
  // @ts-expect-error: the key names no column.
  void table({ ...sales, key: ['shop', 'date'] });
  // @ts-expect-error: the check names no column.
  void table({ ...sales, checks: [noGapInDates('date', ['shop'])] });
  // @ts-expect-error: nor does this one.
  void table({ ...sales, checks: [noGapInDates('day', ['mall'])] });
  // @ts-expect-error: nor this.
  void table({ ...sales, checks: [datesStartInJanuary('date')] });
  // @ts-expect-error: text has no least value.
  assert.throws(() => string().atLeast(0));
});

test('the types refuse a definition that says something else than is asked', () => {
  // @ts-expect-error: a schedule is a cron line.
  void (() => watch({ ...base.trigger, schedule: 60 }));
  // @ts-expect-error: processors are counted.
  void (() => definePipeline({ ...base, job: { ...base.job, cpu: '2' } }));
  // @ts-expect-error: a pipeline has a job.
  assert.throws(() => definePipeline({ ...base, job: undefined }));
  // @ts-expect-error: a role is oneOf or manyOf, not a bare name.
  void (() => driveFolder({ ...source, files: { sales: 'x.xlsx' } }));
  // @ts-expect-error: a model is compared by a number of its summary.
  void (() => model({ name: 'best', pattern: /x/, better: 'lower' }));
  // @ts-expect-error: a service follows a model.
  void (() => definePipeline({ ...base, services: [{ name: 'reg', source: 'answer' }] }));
  // @ts-expect-error: nothing requests this.
  void definePipeline({ ...base, retries: 3 });
});

const refused = (change: Partial<Pipeline>, why: RegExp) =>
  assert.throws(() => definePipeline({ ...base, ...change }), why);
const publishing = (...outputs: Output[]): Partial<Pipeline> => ({ outputs });

test('a name that would not be safe in a path or a query is refused', () => {
  refused({ name: 'Sales' }, /name "Sales"/);
  refused({ name: '../x' }, /name "\.\.\/x"/);
  refused(publishing(table({ ...sales, table: { dataset: 'sales', table: 'a`b' } })), /"a`b"/);
  refused(publishing(table({ ...sales, columns: { 'a b': string() }, key: ['a b'], checks: [] })), /"a b"/);
  refused(publishing(files({ name: '../maps', pattern: /tif$/, checks: [] })), /name "\.\.\/maps"/);
  refused(triggered({ source: driveFolder({ ...source, files: { '../x': oneOf('a') } }) }), /the file role/);
  for (const prefix of ['/', 'a', '../', 'a//', 'a/*/'])
    refused(triggered({ source: bucketSource(prefix) }), /the source's prefix/);
});

const bucketSource = (prefix: string) =>
  bucket({
    bucket: fromEnv('BUCKET'),
    prefix,
    settleSeconds: fromEnv('S', '0'),
    files: { grid: manyOf(/\.nc$/) },
  });

test('a bucket is watched under a prefix, and files and a model are published', () => {
  const trigger = watch({ ...base.trigger, source: bucketSource('climate/daily/') });
  const maps = files({ name: 'maps', pattern: /\.tif$/, checks: [countWithin(/\.tif$/, 1, 20)] });
  const best = model({ name: 'best', pattern: /\.ubj$/, metric: 'wape', better: 'lower' });
  assert.deepEqual(
    definePipeline({ ...base, trigger, outputs: [maps, best] }).outputs.map(({ kind }) => kind),
    ['files', 'model'],
  );
  assert.throws(() => sizeWithin(/x/, 5, 1), RangeError);
  assert.throws(() => countWithin(/x/, -1, 1), RangeError);
});

test('outputs that are none, or a pattern that forgets files, are refused', () => {
  refused({ outputs: [] }, /outputs is empty/);
  refused(publishing(files({ name: 'maps', pattern: /tif$/g, checks: [] })), /pattern .*without the flags/);
  const check = countWithin(/tif$/y, 1, 2);
  refused(publishing(files({ name: 'maps', pattern: /tif$/, checks: [check] })), /check .*without the flags/);
  const model1 = model({ name: 'best', pattern: /x/, metric: 'the error', better: 'lower' });
  refused(publishing(model1), /the metric "the error"/);
  const maps = files({ name: 'maps', pattern: /tif$/, checks: [] });
  refused(publishing(maps, { ...model1, name: 'maps', metric: 'wape' }), /two outputs are named "maps"/);
  const eager = driveFolder({ ...source, files: { sales: manyOf(/x/g) } });
  refused(triggered({ source: eager }), /the pattern of "sales"/);
  const misnamed = driveFolder({ ...source, files: { sales: manyOf(/x$/, 'y') } });
  refused(triggered({ source: misnamed }), /the example of "sales" is "y"/);
});

describe('services', () => {
  const best = model({ name: 'best', pattern: /\.ubj$/, metric: 'wape', better: 'lower' });
  const maps = files({ name: 'maps', pattern: /\.tif$/, checks: [] });
  const serving = (...services: ServiceSpec[]): Pipeline => ({ ...base, outputs: [best, maps], services });
  const service = (name: string, more: Partial<ServiceSpec> = {}): ServiceSpec => ({
    ...{ name, source: 'answer', follows: 'best' },
    ...more,
  });

  test('of one source follow models of the pipeline', () => {
    assert.ok(definePipeline(serving(service('reg'), service('class'))));
    assert.ok(definePipeline(serving(service('a'.repeat(17)))));
  });

  test('that Google would refuse, or that follow no model, are refused, all problems at once', () => {
    const wrong = serving(
      service('reg'),
      service('reg', { follows: 'worst' }),
      service('class', { follows: 'maps' }),
      service('a'.repeat(18)),
      service('No Name'),
      service('daily-job'),
    );
    assert.throws(
      () => definePipeline(wrong),
      (error: TypeError) => {
        assert.deepEqual(error.message.replace(/^.*? is wrong: /, '').split('; '), [
          'the service "reg" follows "worst", which the pipeline does not publish: expected one of best',
          'the service "class" follows "maps", which is no model: expected one of best',
          `the service "${'a'.repeat(18)}" would be the function sales-${'a'.repeat(18)}: expected at most 23 characters`,
          'the service\'s name "No Name": expected /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/',
          'the service "daily-job" would have the account of another: expected another name',
          'two services are named "reg"',
        ]);
        return true;
      },
    );
    const invoker = { ...serving(service('invoker')), name: 'pubsub' };
    assert.throws(() => definePipeline(invoker), /"invoker" would have the account of another/);
    const none = { ...serving(service('reg', { follows: 'maps' })), outputs: [maps] };
    assert.throws(() => definePipeline(none), /expected a model, and the pipeline publishes none/);
  });

  test('of two pipelines that would be one function are refused', () => {
    const one = { ...serving(service('eu-reg')), name: 'sales' };
    const other = { ...serving(service('reg')), name: 'sales-eu' };
    assert.throws(() => gatherPipelines([one, other]), /two services are the function sales-eu-reg/);
  });
});

test('an empty key and a number of attempts out of bounds are refused, all problems at once', () => {
  const outputs = [table({ ...sales, key: [] })];
  refused({ outputs, job: { ...base.job, attempts: 0 } }, /job\.attempts 0[^]*the key is empty/);
  refused({ outputs, job: { ...base.job, attempts: 11 } }, /job\.attempts 11[^]*key is empty/);
});

test('a rerun that comes too often or never is refused', () => {
  assert.ok(definePipeline({ ...base, ...triggered({ rerunEvery: hours(24 * 7) }) }));
  for (const rerunEvery of [minutes(5), hours(24 * 400), Number.NaN])
    refused(triggered({ rerunEvery }), /rerunEvery .*: expected 1 hour to 366 days/);
});

test('a schedule that is no schedule is refused, naming the field that is none', () => {
  refused(triggered({ schedule: 'every hour' }), /schedule "every hour": expected five fields/);
  refused(triggered({ schedule: '61 * * * *' }), /field "61": expected numbers from 0 to 59/);
  refused(triggered({ schedule: '* * * * 9' }), /field "9"/);
});

test('a job that Cloud Run would refuse is refused before it gets there', () => {
  const job = (change: Partial<Pipeline['job']>) => ({ job: { ...base.job, ...change } });
  refused(job({ cpu: 3 }), /job\.cpu 3: expected 1, 2, 4, 6, 8/);
  refused(job({ cpu: 1, memory: '8Gi' }), /job\.memory "8Gi": expected 512Mi to 4Gi for 1 cpu/);
  refused(job({ cpu: 8, memory: '2Gi' }), /job\.memory "2Gi": expected 4096Mi to 32Gi for 8 cpu/);
  refused(job({ memory: '1 GB' }), /job\.memory "1 GB"/);
  refused(job({ timeout: minutes(169 * 60) }), /job\.timeout .* expected 1 second to 168 hours/);
  refused(job({ image: 'Forecast' }), /job\.image "Forecast"/);
  refused(job({ settings: [fromEnv('engine')] }), /variable "engine"/);
  const week = job({ cpu: 4, memory: '16Gi', timeout: minutes(168 * 60) });
  assert.ok(definePipeline({ ...base, ...week, ...triggered({ freshness: hours(24 * 30) }) }));
});

test('a name that Google would refuse, or that the stack gives to others, is refused', () => {
  refused({ name: 'twenty-letters-here-' }, /name "twenty-letters-here-"/);
  refused({ name: 'sluice' }, /name "sluice": reserved/);
});

test('one file or one table for two outputs is refused', () => {
  const other = { dataset: 'sales', table: 'other' };
  refused(
    publishing(table(sales), table({ ...sales, file: 'other.csv' })),
    /two outputs fill the table sales\.sales/,
  );
  refused(publishing(table(sales), table({ ...sales, table: other })), /two outputs are the file sales\.csv/);
  refused(publishing(table({ ...sales, file: '../sales.csv' })), /file "\.\.\/sales\.csv"/);
});

test('two pipelines that stand in each other’s way are refused, all problems at once', () => {
  const one = definePipeline(base);
  const named = (change: Partial<Pipeline>) => ({ ...one, ...change });
  const other = { dataset: 'sales', table: 'other' };
  assert.throws(
    () => gatherPipelines([one, named({ job: { ...one.job, image: 'other' } })]),
    /two pipelines are named "sales"; two pipelines fill the table sales\.sales/,
  );
  const dashed = named({
    name: 'sales-eu',
    job: { ...one.job, image: 'x' },
    ...publishing(table({ ...sales, table: other })),
  });
  const image = named({ job: { ...one.job, image: 'eu-x' } });
  assert.throws(() => gatherPipelines([dashed, image]), /two pipelines have the job sales-eu-x/);
  assert.deepEqual([...gatherPipelines([one, dashed]).keys()], ['sales', 'sales-eu']);
});

test('a freshness objective that a run with all its attempts would miss is refused', () => {
  // @ts-expect-error: a pipeline without a freshness objective.
  void (() => watch({ ...base.trigger, freshness: undefined }));
  for (const freshness of [minutes(5), 0, Number.NaN, hours(24 * 32)]) {
    refused(triggered({ freshness }), /freshness of .*: expected more than 5 minutes/);
  }
});

test('a check whose bounds make no sense is refused', () => {
  assert.throws(() => rowCountWithin(0, 2, { date: 'day' }), RangeError);
  assert.throws(() => rowCountWithin(0.5, 0.9, { date: 'day' }), RangeError);
  assert.throws(() => rowCountWithin(Number.NaN, 2, { date: 'day' }), RangeError);
  assert.throws(() => forecastNotWorseThan({ days: 'errors', by: -0.1, leastDays: 14 }), RangeError);
  assert.throws(() => forecastNotWorseThan({ days: 'errors', by: 0.1, leastDays: 0 }), RangeError);
});

test('a column says its type, whether it may be empty, and its least value, in any order', () => {
  const [one, other] = [float().atLeast(1).nullable(), float().nullable().atLeast(1)];
  for (const { type, required, min } of [one, other]) {
    assert.deepEqual({ type, required, min }, { type: 'FLOAT', required: false, min: 1 });
  }
});

test('every file of pipelines/ is found, and a name that is not there says which are', async () => {
  const pipelines = loadPipelines();
  assert.equal(pipelineNamed(pipelines, 'carmila').name, 'carmila');
  assert.throws(
    () => pipelineNamed(pipelines, 'nobody'),
    /there is no pipeline "nobody": expected one of .*carmila/,
  );
});

test('a pipeline of which the deployment says nothing is left out; one of which it says too little is kept', () => {
  const pipelines = [base, { ...base, name: 'sales-eu' }];
  const message = (values: Record<string, string>) => configured(pipelines, (name) => values[name]);
  assert.deepEqual(message({ SALES_A: 'folder', SALES_B: '5' }), {
    pipelines: [base],
    leftOut: ['the pipeline sales-eu is left out: SALES_EU_A and SALES_EU_B are not set'],
  });
  assert.deepEqual(
    message({ SALES_A: 'folder', SALES_EU_B: '5' }).pipelines.map(({ name }) => name),
    ['sales', 'sales-eu'],
  );
});
