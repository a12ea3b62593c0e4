// How messages name what a pipeline publishes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { int, string } from '../../../shared/pipelines/columns.ts';
import {
  files,
  model,
  publishedObjectsText,
  result,
  shownOutput,
  table,
} from '../../../shared/pipelines/outputs.ts';

const sales = table({
  file: 'sales.csv',
  columns: { shop: string(), sold: int() },
  key: ['shop'],
  checks: [],
  table: { dataset: 'shop', table: 'sales' },
});
const maps = files({ name: 'maps', pattern: /\.tif$/, checks: [] });
const modelOf = (name: string) => model({ name, pattern: /\.ubj$/, metric: 'wape', better: 'lower' });
const answer = result({ file: 'answer.json', schema: z.object({}) });

test('an output is named by its table, its folder, its model or its file', () => {
  assert.deepEqual([sales, maps, modelOf('best'), answer].map(shownOutput), [
    'shop.sales',
    'the files in maps',
    'the model best',
    'the result answer.json',
  ]);
});

test('one model is published, files and several outputs are; of tables nothing is said', () => {
  const text = (...outputs: Parameters<typeof publishedObjectsText>[0]['outputs']) =>
    publishedObjectsText({ outputs }, ['is published', 'are published']);
  assert.equal(text(sales), '');
  assert.equal(text(sales, modelOf('best')), 'The model best is published.');
  assert.equal(text(sales, maps), 'The files in maps are published.');
  assert.equal(text(modelOf('reg'), modelOf('class')), 'The model reg and the model class are published.');
  assert.equal(text(maps, modelOf('best')), 'The files in maps and the model best are published.');
});
