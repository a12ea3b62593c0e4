// A pipeline's definition: what the types refuse when it compiles, and what it refuses when it is loaded.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forecastNotWorseThan, noGapInDates, rowCountWithin } from '../../shared/pipelines/checks.ts';
import { date, float, int, string } from '../../shared/pipelines/columns.ts';
import { minutes } from '../../shared/pipelines/duration.ts';
import { csv, definePipeline, targetsOf, type Pipeline } from '../../shared/pipelines/pipeline.ts';
import { loadPipelines, pipelineNamed } from '../../shared/pipelines/registry.ts';
import { fromEnv } from '../../shared/pipelines/setting.ts';
import { driveFolder, oneOf } from '../../shared/pipelines/source.ts';

const columns = { shop: string(), day: date(), sold: int().atLeast(0), price: float().nullable() };
const base = {
  name: 'sales',
  schedule: '0 * * * *',
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

test('a check whose bounds make no sense is refused', () => {
  assert.throws(() => rowCountWithin(0, 2, { date: 'day' }), RangeError);
  assert.throws(() => rowCountWithin(0.5, 0.9, { date: 'day' }), RangeError);
  assert.throws(() => rowCountWithin(Number.NaN, 2, { date: 'day' }), RangeError);
  assert.throws(() => forecastNotWorseThan({ metric: 'wape', by: -0.1 }), RangeError);
});

test('a column says its type, whether it may be empty, and its least value, in any order', () => {
  const [one, other] = [float().atLeast(1).nullable(), float().nullable().atLeast(1)];
  for (const { type, required, min } of [one, other]) {
    assert.deepEqual({ type, required, min }, { type: 'FLOAT', required: false, min: 1 });
  }
});

test('every file of pipelines/ is found, and a name that is not there says which are', async () => {
  const pipelines = await loadPipelines();
  assert.equal(pipelineNamed(pipelines, 'carmila').name, 'carmila');
  assert.throws(
    () => pipelineNamed(pipelines, 'nobody'),
    /there is no pipeline "nobody": expected one of .*carmila/,
  );
});
