// A pipeline's definition: what the types refuse when it compiles, and what it refuses when it is loaded.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forecastNotWorseThan, noGapInDates, rowCountWithin } from '../../shared/pipelines/checks.ts';
import { date, float, int, string } from '../../shared/pipelines/columns.ts';
import { hours, minutes } from '../../shared/pipelines/duration.ts';
import { csv, definePipeline, targetsOf, type Pipeline } from '../../shared/pipelines/pipeline.ts';
import { gatherPipelines, loadPipelines, pipelineNamed } from '../../shared/pipelines/registry.ts';
import { fromEnv } from '../../shared/pipelines/setting.ts';
import { driveFolder, oneOf } from '../../shared/pipelines/source.ts';

const columns = { shop: string(), day: date(), sold: int().atLeast(0), price: float().nullable() };
const base = {
  name: 'sales',
  schedule: '0 * * * *',
  freshness: hours(2),
  source: driveFolder({
    folderId: fromEnv('A'),
    settleSeconds: fromEnv('B'),
    files: { sales: oneOf('x.xlsx') },
  }),
  job: { image: 'forecast', cpu: 1, memory: '1Gi', timeout: minutes(5), attempts: 1 },
  output: csv({ file: 'sales.csv', columns, key: ['shop', 'day'] }),
  table: { dataset: 'sales', table: 'sales' },
  checks: [noGapInDates('day', ['shop']), rowCountWithin(0.5, 2, { date: 'day' })],
  also: [],
} as const;

test('a definition whose names agree compiles and loads', () => {
  assert.deepEqual(
    targetsOf(definePipeline(base)).map(({ table }) => table.table),
    ['sales'],
  );
});

test('the types refuse a column that is not there', () => {
  // @ts-expect-error: the key names no column.
  void csv({ file: 'sales.csv', columns, key: ['shop', 'date'] });
  // @ts-expect-error: the check names no column.
  void definePipeline({ ...base, checks: [noGapInDates('date', ['shop'])] });
  // @ts-expect-error: nor does this one.
  void definePipeline({ ...base, checks: [noGapInDates('day', ['mall'])] });
  // @ts-expect-error: text has no least value.
  assert.throws(() => string().atLeast(0));
});

test('the types refuse a definition that says something else than is asked', () => {
  // @ts-expect-error: a schedule is a cron line.
  assert.throws(() => definePipeline({ ...base, schedule: 60 }));
  // @ts-expect-error: processors are counted.
  void definePipeline({ ...base, job: { ...base.job, cpu: '2' } });
  // @ts-expect-error: a pipeline has a job.
  assert.throws(() => definePipeline({ ...base, job: undefined }));
  // @ts-expect-error: a role is oneOf or manyOf, not a bare name.
  assert.throws(() => driveFolder({ ...base.source, files: { 'Sales file': 'x.xlsx' } }));
  // @ts-expect-error: nobody asks for this.
  void definePipeline({ ...base, retries: 3 });
});

const refused = (change: Partial<Pipeline>, why: RegExp) =>
  assert.throws(() => definePipeline({ ...base, ...change } as Pipeline), why);

test('a name that would not be safe in a path or a query is refused', () => {
  refused({ name: 'Sales' }, /name "Sales"/);
  refused({ name: '../x' }, /name "\.\.\/x"/);
  refused({ table: { dataset: 'sales', table: 'a`b' } }, /"a`b"/);
  refused({ output: csv({ file: 'a.csv', columns: { 'a b': string() }, key: ['a b'] }) as never }, /"a b"/);
});

test('an empty key and a number of attempts out of bounds are refused, all problems at once', () => {
  const output = csv({ file: 'sales.csv', columns, key: [] }) as never;
  refused({ output, job: { ...base.job, attempts: 0 } }, /the key is empty.*|job\.attempts 0/);
  refused({ output, job: { ...base.job, attempts: 11 } }, /key is empty[^]*job\.attempts 11/);
});

test('a schedule that is no schedule is refused, naming the field that is none', () => {
  refused({ schedule: 'every hour' }, /schedule "every hour": expected five fields/);
  refused({ schedule: '61 * * * *' }, /field "61": expected numbers from 0 to 59/);
  refused({ schedule: '* * * * 9' }, /field "9"/);
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
  assert.ok(definePipeline({ ...base, ...week, freshness: hours(24 * 30) }));
});

test('a name that Google would refuse, or that the stack gives to others, is refused', () => {
  refused({ name: 'twenty-letters-here-' }, /name "twenty-letters-here-"/);
  refused({ name: 'sluice' }, /name "sluice": another's/);
});

test('one file or one table for two outputs is refused', () => {
  const { output, table, checks } = base;
  const second = { output: csv({ ...output, file: 'other.csv' }), table, checks };
  refused({ also: [second as never] }, /two outputs fill the table sales\.sales/);
  refused(
    { also: [{ output, table: { ...table, table: 'other' }, checks } as never] },
    /two outputs are the file sales\.csv/,
  );
  refused({ output: csv({ ...output, file: '../sales.csv' }) as never }, /output\.file "\.\.\/sales\.csv"/);
});

test('two pipelines that stand in each other’s way are refused, all problems at once', () => {
  const one = definePipeline(base);
  const named = (change: Partial<Pipeline>) => ({ ...one, ...change });
  const other = { dataset: 'sales', table: 'other' };
  assert.throws(
    () => gatherPipelines([one, named({ job: { ...one.job, image: 'other' } })]),
    /two pipelines are named "sales"; two pipelines fill the table sales\.sales/,
  );
  const dashed = named({ name: 'sales-eu', job: { ...one.job, image: 'x' }, table: other });
  const image = named({ job: { ...one.job, image: 'eu-x' } });
  assert.throws(() => gatherPipelines([dashed, image]), /two pipelines have the job sales-eu-x/);
  assert.deepEqual([...gatherPipelines([one, dashed]).keys()], ['sales', 'sales-eu']);
});

test('a promise of freshness that a run with all its attempts would break is refused', () => {
  // @ts-expect-error: a pipeline without a promise.
  void (() => definePipeline({ ...base, freshness: undefined }));
  for (const freshness of [minutes(5), 0, Number.NaN, hours(24 * 32)]) {
    assert.throws(
      () => definePipeline({ ...base, freshness }),
      /freshness of .*: expected more than 5 minutes/,
    );
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
