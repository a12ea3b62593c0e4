// How a folder of workbooks is read as a whole: which sheet counts, the census, missing roles, and all problems at once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  date,
  flux,
  goodTransco,
  LONG_HEADER,
  messagesOf,
  openings,
  OPENINGS_HEADER,
  readWith,
  transco,
  TRANSCO_HEADER,
  valuesOf,
} from './folder.ts';
import { workbook, xlsx, type TestCell } from './workbooks.ts';

const GOOD_ROW: readonly TestCell[] = ['A1', date('2025-01-01'), 1];

test('the census knows Oui and Non as people type them, and malls by any case', async () => {
  const words: TestCell[] = ['Oui', 'NON', ' o ', 'n', true, 0];
  const rows = words.map((word, index) => ['ÉVRY ', date(`2025-01-1${index}`), word]);
  const reading = await readWith(openings(xlsx([OPENINGS_HEADER, ...rows])));
  assert.ok(reading.kind === 'panel', messagesOf(reading).join('\n'));
  const { openings: census, firstDay } = reading.panel;
  assert.deepEqual(
    words.map((_, index) => census.exception(0, firstDay + 9 + index)),
    [true, false, true, false, true, false],
  );
  assert.equal(census.exception(1, firstDay + 9), undefined);
});

test('the census may not name an unknown mall, contradict itself or answer otherwise', async () => {
  const rows: TestCell[][] = [
    ['Évry', date('2025-01-01'), 'Oui'],
    ['Évry', '01/01/2025', 'Non'],
    ['Atlantis', date('2025-01-01'), 'Oui'],
    ['Évry', date('2025-01-02'), 'peut-être'],
  ];
  const messages = messagesOf(await readWith(openings(xlsx([OPENINGS_HEADER, ...rows]))));
  assert.equal(messages.length, 3);
  assert.match(messages[0] ?? '', /row 3: found the opposite of row 2 for the same mall on 2025-01-01/);
  assert.match(messages[1] ?? '', /row 4, column A: found the unknown mall "Atlantis"/);
  assert.match(messages[2] ?? '', /row 5, column C: found the text "peut-être"; expected Oui or Non/);
});

test('the first visible sheet with the right header is read; the others are noted', async () => {
  const good = { name: 'Données', rows: [LONG_HEADER, GOOD_ROW] };
  const hidden = { name: 'Ancien', hidden: true, rows: [LONG_HEADER, ['A1', date('2025-01-01'), 999]] };
  const reading = await readWith(
    flux(workbook([hidden, { name: 'Lisez-moi', rows: [['Bonjour']] }, { name: 'Vide', rows: [] }, good])),
  );
  assert.deepEqual(valuesOf(reading), ['A1 2025-01-01 1']);
  assert.ok(reading.kind === 'panel');
  assert.deepEqual(
    reading.notes,
    ['Ancien', 'Lisez-moi', 'Vide'].map((sheet) => ({
      kind: 'sheet-not-read',
      file: '2025 flux quotidiens.xlsx',
      sheet,
    })),
  );
});

test('a wrong header is shown beside the one expected', async () => {
  assert.deepEqual(messagesOf(await readWith(flux(xlsx([['Site', 'Jour', 'Visites'], GOOD_ROW])))), [
    '2025 flux quotidiens.xlsx, sheet "Feuil1", row 1: found the header "Site | Jour | Visites"; expected the header "Code site | Date | Flux", or "Date" followed by one site code per column',
  ]);
});

test('a sheet that is empty, or has only a header, is a problem', async () => {
  assert.match(
    messagesOf(await readWith(flux(xlsx([]))))[0] ?? '',
    /sheet "Feuil1": found an empty sheet; expected the header/,
  );
  assert.match(
    messagesOf(await readWith(flux(xlsx([LONG_HEADER]))))[0] ?? '',
    /found no row under the header/,
  );
});

test('a missing role and a file too many are problems', async () => {
  const messages = messagesOf(await readWith(goodTransco(), goodTransco()));
  assert.match(
    messages[0] ?? '',
    /Transco\.xlsx: found Transco\.xlsx and Transco\.xlsx; expected exactly one file/,
  );
});

test('problems of all files are gathered: fifty are kept, all are counted', async () => {
  const rows = Array.from({ length: 70 }, () => ['A1', date('2025-01-01'), -1]);
  const reading = await readWith(
    flux(xlsx([LONG_HEADER, ...rows])),
    openings(xlsx([OPENINGS_HEADER, ['Évry', 'hier', 'Oui']])),
  );
  assert.ok(reading.kind === 'refused');
  assert.equal(reading.problemCount, 71);
  assert.equal(reading.problems.length, 50);
  assert.deepEqual(new Set(reading.problems.map(({ file }) => file)).size, 2);
});

test('a site of Transco without any value is left out, and named with the reason', async () => {
  const sites = transco(
    xlsx([
      TRANSCO_HEADER,
      ['A2', 'Bègles', 'S'],
      ['A0', 'Vide', 'S'],
      ['A1', 'Évry', 'N'],
      ['A11', 'Vide aussi', 'N'],
    ]),
  );
  const reading = await readWith(sites);
  assert.deepEqual(valuesOf(reading), ['A1 2025-01-01 100', 'A1 2025-01-02 0', 'A2 2025-01-01 200']);
  assert.ok(reading.kind === 'panel');
  assert.deepEqual(
    reading.excluded.map(({ code, reason }) => [code, reason]),
    [
      ['A0', 'no-value'],
      ['A11', 'no-value'],
    ],
  );
});
