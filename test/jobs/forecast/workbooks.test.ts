// How workbooks are read: what is understood as people type it, and what is refused with its place.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  date,
  flux,
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

test('the long layout is one value a row', async () => {
  assert.deepEqual(valuesOf(await readWith()), ['A1 2025-01-01 100', 'A1 2025-01-02 0', 'A2 2025-01-01 200']);
});

test('the wide layout is one site a column, and an empty cell was not reported', async () => {
  const wide = flux(
    xlsx([
      ['Date', 'A1', 'A2'],
      [date('2025-01-01'), 5, null],
      [date('2025-01-02'), ' ', 7],
    ]),
  );
  assert.deepEqual(valuesOf(await readWith(wide)), ['A1 2025-01-01 5', 'A2 2025-01-02 7']);
});

test('two files of different layouts make one panel', async () => {
  const old = flux(
    xlsx([
      ['Date', 'A2'],
      [date('2024-12-31'), 9],
    ]),
    '2024 flux quotidiens.xlsx',
  );
  const reading = await readWith(old, flux(xlsx([LONG_HEADER, GOOD_ROW])));
  assert.deepEqual(valuesOf(reading), ['A1 2025-01-01 1', 'A2 2024-12-31 9']);
});

test('headers are found in any order, case, accents and spaces, beside columns of no concern', async () => {
  const header = ['Remarque', ' FLUX\u00a0', 'dâte', 'CODE__Site'];
  const reading = await readWith(flux(xlsx([[], header, ['x', 3, date('2025-01-01'), 'A1']])));
  assert.deepEqual(valuesOf(reading), ['A1 2025-01-01 3']);
});

test('dates are read as date cells, dd/mm/yyyy and yyyy-mm-dd, in one file', async () => {
  const days: TestCell[] = [
    date('2025-02-03'),
    '04/02/2025',
    '5/2/2025',
    '2025-02-06',
    ' 07/02/2025 00:00:00',
  ];
  const reading = await readWith(flux(xlsx([LONG_HEADER, ...days.map((day, index) => ['A1', day, index])])));
  assert.deepEqual(
    valuesOf(reading),
    ['03', '04', '05', '06', '07'].map((day, index) => `A1 2025-02-${day} ${index}`),
  );
});

test('dates of the 1904 system are the days that Excel shows', async () => {
  const sheet = { name: 'Mac', rows: [LONG_HEADER, GOOD_ROW] };
  assert.deepEqual(valuesOf(await readWith(flux(workbook([sheet], { date1904: true })))), [
    'A1 2025-01-01 1',
  ]);
});

test('numbers may be text with spaces between the thousands', async () => {
  const counts: TestCell[] = ['1 234', '1\u202f235', '1\u00a0236', ' 12 '];
  const rows = counts.map((count, index) => ['A1', date(`2025-01-0${index + 1}`), count]);
  assert.deepEqual(
    valuesOf(await readWith(flux(xlsx([LONG_HEADER, ...rows])))).map((value) => value.split(' ')[2]),
    ['1234', '1235', '1236', '12'],
  );
});

for (const [what, day, expected] of [
  [
    'a month 13',
    '02/13/2025',
    /found the text "02\/13\/2025"; expected a date cell, or a date as dd\/mm\/yyyy/,
  ],
  ['30 February', '30/02/2025', /column B: found the text "30\/02\/2025"/],
  ['two digits of year', '01/02/25', /found the text "01\/02\/25"/],
  ['a serial number without a date format', 45658, /found the number 45658; expected a date cell/],
  ['a time of day', date('2025-01-01T12:30:00Z'), /found the date 2025-01-01T12:30:00/],
  ['before any mall', date('1980-01-01'), /found the date 1980-01-01; expected a date from 1990-01-01/],
  ['beyond the calendar', { date: '+275000-01-01T00:00:00Z' }, /found /],
  ['an empty cell', null, /found an empty cell; expected a date/],
  [
    'tomorrow',
    date('2025-04-01'),
    /found the date 2025-04-01, which is in the future; expected a date up to today, 2025-03-31/,
  ],
  [
    "another year than the file name's",
    date('2024-12-31'),
    /found the date 2024-12-31; expected a date of 2025, the year in the file's name/,
  ],
] as const) {
  test(`a date that is ${what} is a problem with its place`, async () => {
    const messages = messagesOf(await readWith(flux(xlsx([LONG_HEADER, GOOD_ROW, ['A2', day, 1]]))));
    assert.equal(messages.length, 1, messages.join('\n'));
    assert.match(messages[0] ?? '', /^2025 flux quotidiens\.xlsx, sheet "Feuil1", row 3, column B: /);
    assert.match(messages[0] ?? '', expected);
  });
}

for (const [what, value, shown] of [
  ['negative', -1, 'the number -1'],
  ['a fraction', 1.5, 'the number 1.5'],
  ['a word', 'fermé', 'the text "fermé"'],
  ['a fraction as text', '1,5', 'the text "1,5"'],
  ['digits oddly spaced', '12 34', 'the text "12 34"'],
  ['an error cell', { error: '#REF!' }, 'the error #REF!'],
  ['a truth value', true, 'the truth value TRUE'],
  ['a date', date('2025-01-01'), 'the date 2025-01-01'],
  ['beyond any mall', 1e9, 'the number 1000000000'],
  ['a formula without a value', { formula: 'SUM(A1:A9)' }, 'a formula without a stored value'],
] as const) {
  test(`a count that is ${what} is a problem with its place, in both layouts`, async () => {
    const long = messagesOf(
      await readWith(flux(xlsx([LONG_HEADER, GOOD_ROW, ['A2', date('2025-01-01'), value]]))),
    );
    assert.equal(long.length, 1, long.join('\n'));
    assert.match(long[0] ?? '', /row 3, column C: /);
    assert.ok(long[0]?.includes(`found ${shown}`), long[0]);
    const wide = messagesOf(
      await readWith(
        flux(
          xlsx([
            ['Date', 'A1', 'A2'],
            [date('2025-01-01'), 1, value],
          ]),
        ),
      ),
    );
    assert.equal(wide.length, 1, wide.join('\n'));
    assert.match(wide[0] ?? '', /row 2, column C: /);
  });
}

test('the stored value of a formula counts as a number', async () => {
  const row: TestCell[] = ['A1', date('2025-01-01'), { formula: '40+2', value: 42 }];
  assert.deepEqual(valuesOf(await readWith(flux(xlsx([LONG_HEADER, row])))), ['A1 2025-01-01 42']);
});

test('codes 12, 12.0 and "12" are the same; zeros in front of a typed code are kept', async () => {
  const sites = transco(
    xlsx([TRANSCO_HEADER, [12, 'Douze', 'N'], ['012', 'Zéro douze', 'N'], ['2', 'Deux', 'N']]),
  );
  const census = openings(xlsx([OPENINGS_HEADER, ['Douze', date('2025-01-05'), 'Non']]));
  const counts = flux(
    xlsx([
      LONG_HEADER,
      ['12', date('2025-01-01'), 1],
      ['12.0', date('2025-01-02'), 2],
      ['012', date('2025-01-01'), 3],
      [2, date('2025-01-01'), 4],
    ]),
  );
  assert.deepEqual(valuesOf(await readWith(sites, census, counts)), [
    '2 2025-01-01 4',
    '012 2025-01-01 3',
    '12 2025-01-01 1',
    '12 2025-01-02 2',
  ]);
});

test('a second value for a site and a day names both places, in one file and across files', async () => {
  const twice = flux(xlsx([LONG_HEADER, GOOD_ROW, GOOD_ROW]));
  const other = flux(
    xlsx([
      ['Date', 'A2', 'A1'],
      [date('2025-01-01'), 1, 1],
    ]),
    '2025 flux quotidiens (2).xlsx',
  );
  const messages = messagesOf(await readWith(twice, other));
  assert.equal(messages.length, 2);
  const joined = messages.join('\n');
  assert.match(joined, /2025 flux quotidiens\.xlsx, sheet "Feuil1", row 3, column C: found a second value/);
  assert.match(
    joined,
    /the first is in 2025 flux quotidiens( \(2\))?\.xlsx, sheet "Feuil1", row 2, column C/,
  );
});

test('a code that Transco does not have is named once for each file', async () => {
  const rows = [1, 2, 3].map((day) => ['Z9', date(`2025-01-0${day}`), 1]);
  const messages = messagesOf(await readWith(flux(xlsx([LONG_HEADER, GOOD_ROW, ...rows]))));
  assert.deepEqual(messages, [
    '2025 flux quotidiens.xlsx, sheet "Feuil1", row 3, column A: found the site code Z9, which Transco does not have; expected a code of Transco',
  ]);
});

test('a code twice in a wide header, and a value under no header, are problems', async () => {
  const messages = messagesOf(
    await readWith(
      flux(
        xlsx([
          ['Date', 'A1', 'A1', null],
          [date('2025-01-01'), 1, 1, 8],
        ]),
      ),
    ),
  ).join('\n');
  assert.match(messages, /row 1, column C: found a second column for the site code/);
  assert.match(messages, /row 2, column D: found a value in a column without a header/);
});

test('a code or a mall twice in Transco is a problem', async () => {
  const sites = transco(
    xlsx([TRANSCO_HEADER, ['A1', 'Évry', 'N'], ['A2', ' EVRY', 'N'], ['A1', 'Autre', 'N']]),
  );
  const messages = messagesOf(await readWith(sites)).join('\n');
  assert.match(
    messages,
    /Transco\.xlsx, sheet "Feuil1", row 3, column B: found the mall "EVRY", which row 2 has too/,
  );
  assert.match(messages, /row 4, column A: found the code A1, which row 2 has too/);
});

for (const [what, name] of [
  ['begins with =', '=HYPERLINK("x")'],
  ['begins with +', '+33'],
  ['begins with -', '-Évry'],
  ['begins with @', '@SUM(A1)'],
  ['holds a control character', 'a\tb'],
  ['is a formula', { formula: 'CONCAT("a","b")', value: 'Évry' }],
  ['is an error', { error: '#N/A' }],
  ['is missing', null],
] as const) {
  test(`a name that ${what} is refused, for a mall, a cluster and a code`, async () => {
    const rows: TestCell[][] = [
      [name, 'Mall', 'N'],
      ['A1', name, 'N'],
      ['A2', 'Bègles', name],
    ];
    const messages = messagesOf(await readWith(transco(xlsx([TRANSCO_HEADER, ...rows])))).join('\n');
    for (const place of ['row 2, column A', 'row 3, column B', 'row 4, column C']) {
      assert.ok(
        messages.includes(`Transco.xlsx, sheet "Feuil1", ${place}: found`),
        `${place} in:\n${messages}`,
      );
    }
  });
}

test('a formula in place of a code is refused in the flux files and in the census', async () => {
  const formula = { formula: '"A"&1', value: 'A1' };
  const long = messagesOf(await readWith(flux(xlsx([LONG_HEADER, [formula, date('2025-01-01'), 1]])))).join(
    '\n',
  );
  assert.match(long, /row 2, column A: found a formula; expected a site code/);
  const wide = messagesOf(
    await readWith(
      flux(
        xlsx([
          ['Date', formula],
          [date('2025-01-01'), 1],
        ]),
      ),
    ),
  ).join('\n');
  assert.match(wide, /row 1, column B: found a formula; expected a site code/);
  const mall = { formula: '"É"', value: 'Évry' };
  const census = messagesOf(
    await readWith(openings(xlsx([OPENINGS_HEADER, [mall, date('2025-01-01'), 'Oui']]))),
  ).join('\n');
  assert.match(census, /row 2, column A: found a formula; expected a mall name of Transco/);
});
