// The pure parts of the benches: ratios, verdicts, the table, and the files they make.
import assert from 'node:assert/strict';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { csvOf } from '../../../bench/load/rows.ts';
import { isMet, medianOf, ratioOf, type Measure, type Result } from '../../../bench/measure.ts';
import { savedAgain } from '../../../bench/saved-again.ts';
import { cellsOf, markdownOf, tableOf } from '../../../bench/table.ts';
import { readFolder } from '../../../jobs/forecast/workbook/read.ts';
import { dayOf } from '../../../jobs/forecast/series/panel.ts';
import { mainTableOf } from '../../../shared/pipelines/outputs.ts';
import { carmila } from '../../../pipelines/carmila.ts';
import { goodFlux, goodOpenings, goodTransco } from '../../jobs/forecast/folder.ts';

const measure = (changes: Partial<Measure>): Measure => ({ name: 'a load', value: 3, unit: 's', ...changes });
const floor = { name: 'the same, bare', value: 2 };

test('a ratio is how many times the floor the value is, and there is none without a floor', () => {
  assert.equal(ratioOf(measure({ floor })), 1.5);
  assert.equal(ratioOf(measure({})), undefined);
  assert.equal(ratioOf(measure({ floor: { name: 'nothing', value: 0 } })), undefined);
});

test('a goal holds the value or the ratio, and its bound still meets it', () => {
  assert.equal(isMet(measure({ goal: { most: 3, of: 'value' } })), true);
  assert.equal(isMet(measure({ goal: { most: 2.9, of: 'value' } })), false);
  assert.equal(isMet(measure({ floor, goal: { most: 1.5, of: 'ratio' } })), true);
  assert.equal(isMet(measure({ floor, goal: { most: 1.4, of: 'ratio' } })), false);
  assert.equal(isMet(measure({ goal: { most: 1.5, of: 'ratio' } })), undefined);
  assert.equal(isMet(measure({})), undefined);
});

test('a median is the middle value, or the mean of the middle two, whatever their order', () => {
  assert.equal(medianOf([9, 1, 5]), 5);
  assert.equal(medianOf([8, 10, 2, 4]), 6);
  assert.throws(() => medianOf([]), RangeError);
});

test('a line of the table names value, floor, ratio and goal, and says when a goal is missed', () => {
  assert.deepEqual(cellsOf(measure({ floor, goal: { most: 1.4, of: 'ratio' }, note: 'of three' })), [
    'a load\n(of three)',
    '3 s',
    '2 s\nthe same, bare',
    '1.50',
    '≤ 1.4 × floor',
    'NO',
  ]);
  assert.deepEqual(cellsOf(measure({ value: 1234.5, unit: 'ms' })), ['a load', '1235 ms', '', '', '', '']);
});

test('the page has a row for every measure, with what is in its cells as it is', () => {
  const one = measure({ name: 'a | b', floor, note: 'of three' });
  const page = markdownOf([
    { bench: 'load', kind: 'measured', measures: [one] },
    { bench: 'forecast', kind: 'skipped', reason: 'not installed' },
  ]);
  assert.deepEqual(page.split('\n').slice(2), [
    '| load | a \\| b<br>(of three) | 3 s | 2 s<br>the same, bare | 1.50 |  |  |',
    '| forecast | skipped: not installed |',
  ]);
});

test('the table has a line for every measure, and the reason of a bench that measured nothing', () => {
  const results: Result[] = [
    { bench: 'load', kind: 'measured', measures: [measure({}), measure({ name: 'another' })] },
    { bench: 'forecast', kind: 'skipped', reason: 'python3-xgboost is not installed' },
    { bench: 'memory', kind: 'failed', reason: 'the mesh did not open' },
  ];
  const table = tableOf(results, false);
  for (const message of [
    'a load',
    'another',
    'skipped: python3-xgboost is not',
    'failed: the mesh did not open',
  ])
    assert.ok(table.includes(message), `${message} is not in\n${table}`);
});

test('made rows have the header of their table, and every key once', async () => {
  const table = mainTableOf(carmila);
  assert.ok(table);
  const csv = await text(csvOf(table, { rows: 5000, year: 2025, textLength: 20 }));
  const [header, ...rows] = csv.trimEnd().split('\n');
  assert.equal(header, Object.keys(table.columns).join(','));
  assert.equal(rows.length, 5000);
  const keys = rows.map((row) => row.split(',')).map(([mall, , date]) => `${mall} ${date}`);
  assert.equal(new Set(keys).size, 5000);
  assert.ok(keys.every((key) => /^Mall \d+ x+ 2025-\d\d-\d\d$/.test(key) && key.length === 31));
});

test('a workbook saved again has other bytes, and the job reads the same from it', async () => {
  const files = [goodFlux(), goodTransco(), goodOpenings()];
  const again = files.map((file) => ({ ...file, bytes: savedAgain(Buffer.from(file.bytes)) }));
  files.forEach((file, index) => assert.notDeepEqual(again[index]?.bytes, file.bytes));
  const today = dayOf('2025-06-01');
  const [one, other] = [await readFolder(files, today), await readFolder(again, today)];
  assert.ok(one.kind === 'panel' && other.kind === 'panel');
  assert.deepEqual(other.panel.visits, one.panel.visits);
  assert.throws(() => savedAgain(Buffer.from('no zip')), RangeError);
});
