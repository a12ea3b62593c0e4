// Tables fit the terminal and lose no text: long words, wide letters and more facts than fit are broken, never cut.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LANGUAGES } from '../../../shared/page/languages.ts';
import { factsTable, rowsTable } from '../../../cli/table.ts';
import { REPORT_LANGUAGES } from '../../../cli/verbs/report.ts';

const LONG = 'sluice-scheduler@sluice-local.iam.gserviceaccount.com';
const WIDE = '商場訪客預測資料表格名稱非常長'.repeat(2);

/** What stands in the cells, without the frame and the breaks. */
const textIn = (table: string): string => table.replaceAll(/[\s│─┌┬┐├┼┤└┴┘]/gu, '');

for (const width of [40, 80, 200]) {
  test(`a table of ${width} columns is no wider, and holds every letter`, () => {
    const facts = factsTable({ By: LONG, Mall: WIDE, Short: 'x' }, width);
    for (const text of [LONG, WIDE]) assert.equal(textIn(facts).includes(text), true, facts);
    for (const line of facts.split('\n')) {
      const columns = [...line].reduce((sum, letter) => sum + (/\p{Script=Han}/u.test(letter) ? 2 : 1), 0);
      assert.ok(columns <= width, `${columns} columns: ${line}`);
    }
    assert.doesNotMatch(rowsTable([{ By: LONG, Mall: WIDE }], width), /…/);
  });
}

test('a column of names keeps them whole, and the text beside them is what gets narrow', () => {
  const table = rowsTable(
    [
      {
        Run: '000001-8748dab3',
        By: 'operator@local',
        Reason: 'a long reason of many short words '.repeat(5),
      },
    ],
    60,
  );
  assert.match(table, /000001-8748dab3/);
  assert.match(table, /operator@local/);
});

test('a name that has to be broken is broken after a dot or a dash', () => {
  const table = rowsTable(
    [{ Table: 'carmila_data.predictions_carmila_intervals', Text: 'x'.repeat(60) }],
    60,
  );
  assert.match(table, /carmila_data\.predictions_ *│/);
});

test('the languages of sluice report are those that the forecast writes', () => {
  assert.deepEqual([...REPORT_LANGUAGES], [...LANGUAGES]);
});
