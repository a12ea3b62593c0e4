// Invisible characters: left out of stored text, shown by their number in messages.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fold, tidy, visible } from '../../../jobs/forecast/workbook/words.ts';
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
import { workbook, xlsx } from './workbooks.ts';

const INVISIBLE: Readonly<Record<string, string>> = {
  'zero-width space': '\u200b',
  'zero-width joiner': '\u200d',
  'word joiner': '\u2060',
  'byte order mark': '\ufeff',
  'soft hyphen': '\u00ad',
  'mark from right to left': '\u200f',
  'embedding from right to left': '\u202b',
  isolate: '\u2067',
  'Arabic letter mark': '\u061c',
  'combining grapheme joiner': '\u034f',
  'variation selector': '\ufe0f',
  'supplementary variation selector': '\u{e0101}',
  'tag letter': '\u{e0041}',
  'Hangul filler': '\u3164',
  'Mongolian vowel separator': '\u180e',
  'annotation anchor': '\ufff9',
};

for (const [what, letter] of Object.entries(INVISIBLE)) {
  test(`a ${what} is left out of names, codes, headers, counts, dates and answers`, async () => {
    const around = (word: string) => `${letter}${word.slice(0, 1)}${letter}${word.slice(1)}${letter}`;
    const header = (words: readonly unknown[]) => words.map((word) => around(String(word)));
    const reading = await readWith(
      transco(xlsx([header(TRANSCO_HEADER), [around('A1'), around('Évry'), around('Nord')]])),
      openings(xlsx([header(OPENINGS_HEADER), [around('Évry'), around('05/01/2025'), around('Oui')]])),
      flux(
        xlsx([
          header(LONG_HEADER),
          [around('A1'), around('01/01/2025'), around('12')],
          ['A1', date('2025-01-02'), letter],
        ]),
      ),
    );
    assert.deepEqual(valuesOf(reading), ['A1 2025-01-01 12']);
    assert.ok(reading.kind === 'panel');
    assert.deepEqual(reading.panel.sites, [{ code: 'A1', mall: 'Évry', cluster: 'Nord' }]);
  });

  test(`a ${what} is shown by its number`, () => {
    const number = (letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    assert.equal(visible(`a${letter}b`), `a[U+${number}]b`);
    assert.equal(tidy(`a${letter}b`), 'ab');
    assert.equal(fold(`a${letter}B`), 'ab');
  });
}

test('control characters, line breaks and lost letters are refused in names, and shown by their number', async () => {
  for (const [letter, shown] of [
    ['\u0007', '[U+0007]'],
    ['\u001b[31m', '[U+001B]'],
    ['\u0085', '[U+0085]'],
    ['\u2028', '[U+2028]'],
    ['\ufffd', '\ufffd'],
    ['_xD800_', '[U+D800]'],
  ] as const) {
    const written =
      letter === '\u0007' || letter.startsWith('\u001b')
        ? `_x${letter.charCodeAt(0).toString(16).padStart(4, '0')}_`
        : letter;
    const messages = messagesOf(
      await readWith(transco(xlsx([TRANSCO_HEADER, ['A1', `É${written}vry`, 'N']]))),
    );
    assert.ok(messages[0]?.includes(`row 2, column B: found the text "É${shown}`), messages.join('\n'));
  }
});

test('names that begin with a wide or small sign of a formula are refused, also behind what cannot be seen', async () => {
  for (const sign of ['＝', '＋', '－', '＠', '﹢', '﹣', '﹦', '﹫', '\u200b=', '\u3000＝', '\ufeff-']) {
    const rows = [
      ['A1', `${sign}SUM`, 'N'],
      [`${sign}2`, 'Mall', 'N'],
    ];
    const messages = messagesOf(await readWith(transco(xlsx([TRANSCO_HEADER, ...rows])))).join('\n');
    assert.match(messages, /row 2, column B: found the text .* cannot act as a formula/, sign);
    assert.match(messages, /row 3, column A: found the text .* cannot act as a formula/, sign);
  }
});

test('no message and no note carries what a terminal or a reader cannot see', async () => {
  const name = 'F\u202eeuil\u200b';
  const wrong = flux(workbook([{ name, rows: [['Un\u001b'.replace('\u001b', '_x001b_'), 'deux\u202e']] }]));
  const [refused = ''] = messagesOf(await readWith(wrong));
  assert.match(
    refused,
    /sheet "F\[U\+202E\]euil\[U\+200B\]", row 1: found the header "Un\[U\+001B\] \| deux\[U\+202E\]"/,
  );
  const good = [LONG_HEADER, ['A1', date('2025-01-01'), 1]];
  const reading = await readWith(
    flux(
      workbook([
        { name: 'a', rows: good },
        { name, rows: [] },
      ]),
    ),
  );
  assert.ok(reading.kind === 'panel');
  assert.deepEqual(reading.notes, [
    { kind: 'sheet-not-read', file: '2025 flux quotidiens.xlsx', sheet: 'F[U+202E]euil[U+200B]' },
  ]);
});
