// What a cell holds: its type decides, and what is not understood is refused with its place.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  countCell,
  edited,
  goodParts,
  GOOD_VALUES,
  MAIN,
  OFFICE,
  part,
  refusalIn,
  RELATIONSHIPS,
  SHEET,
  valuesIn,
  withRow,
} from './parts.ts';
import type { ZipPart } from './workbooks.ts';

const withStrings = (strings: string, row: string): readonly ZipPart[] =>
  edited([...withRow(row), part('xl/texts.xml', `<sst xmlns="${MAIN}">${strings}</sst>`)], {
    [RELATIONSHIPS]: (xml) =>
      xml.replace('</Rel', `<Relationship Id="t" Type="${OFFICE}/sharedStrings" Target="texts.xml"/></Rel`),
  });

for (const [what, cell] of [
  ['without a value', '<c r="C2"/>'],
  ['of text without a value', '<c r="C2" t="s"/>'],
  ['of text with an empty value', '<c r="C2" t="s"><v/></c>'],
  ['of a truth value without one', '<c r="C2" t="b"><v></v></c>'],
  ['of a date without a value', '<c r="C2" t="d"/>'],
  ['with a value of line breaks and spaces', '<c r="C2"><v>\n   \t</v></c>'],
  ['with a value of a byte order mark', '<c r="C2"><v>\ufeff</v></c>'],
  ['with a value of a zero-width space', '<c r="C2" t="str"><v>\u200b</v></c>'],
  ['with a value of no-break spaces', '<c r="C2"><v>&#160;\u202f</v></c>'],
  ['of an inline text without letters', '<c r="C2" t="inlineStr"><is><t/></is></c>'],
  ['of an inline text of spaces', '<c r="C2" t="inlineStr"><is><t xml:space="preserve">  </t></is></c>'],
] as const) {
  test(`a cell ${what} is empty: nothing was reported, and it is no 0`, async () => {
    assert.match(await refusalIn(withRow(countCell(cell))), /found no value at all/);
  });
}

for (const [what, cell] of [
  ['a number with blanks around it', '<c r="C2" t="n"><v>\n 7 </v></c>'],
  ['a scientific number', '<c r="C2"><v>0.7E1</v></c>'],
  ['a number in CDATA and references', '<c r="C2"><v><![CDATA[7]]></v></c>'],
  ['a number by its reference', '<c r="C2"><v>&#x37;</v></c>'],
  ['a number around a comment', '<c r="C2"><v>7<!-- seven -->.0</v></c>'],
  ['a formula with its value', '<c r="C2"><f>3+4</f><v>7</v></c>'],
  ['a formula that shows text', '<c r="C2" t="str"><f>"7"</f><v>7</v></c>'],
  [
    'inline runs of text',
    '<c r="C2" t="inlineStr"><is><r><rPr><b/></rPr><t>7</t></r><rPh sb="0" eb="1"><t>9</t></rPh></is></c>',
  ],
  ['no reference of its own', '<c><v>7</v></c>'],
  ['an extension', '<c r="C2"><v>7</v><extLst><ext><v>9</v></ext></extLst></c>'],
] as const) {
  test(`a count as ${what} is read`, async () =>
    assert.deepEqual(await valuesIn(withRow(countCell(cell))), GOOD_VALUES));
}

for (const [what, cell, says] of [
  ['an error', '<c r="C2" t="e"><v>#BUSY!</v></c>', 'the error #BUSY!'],
  ['an error with a number in it', '<c r="C2" t="e"><v>7</v></c>', 'the error 7'],
  ['an error without a name', '<c r="C2" t="e"/>', 'an error that has no name'],
  ['a truth value', '<c r="C2" t="b"><v>1</v></c>', 'the truth value TRUE'],
  ['no truth value', '<c r="C2" t="b"><v>2</v></c>', 'a truth cell that holds the text "2"'],
  ['a hexadecimal number', '<c r="C2"><v>0x10</v></c>', 'a number cell that holds the text "0x10"'],
  ['an octal number', '<c r="C2"><v>0o7</v></c>', 'a number cell that holds the text "0o7"'],
  ['an infinite number', '<c r="C2"><v>Infinity</v></c>', 'a number cell that holds the text "Infinity"'],
  ['a number beyond all', '<c r="C2"><v>1e400</v></c>', 'a number cell that holds the text "1e400"'],
  ['a number lost to 0', '<c r="C2"><v>1e-400</v></c>', 'a number cell that holds the text "1e-400"'],
  ['no number', '<c r="C2"><v>NaN</v></c>', 'a number cell that holds the text "NaN"'],
  ['digits with a separator', '<c r="C2"><v>1_000</v></c>', 'a number cell that holds the text "1_000"'],
  ['digits with a comma', '<c r="C2"><v>7,0</v></c>', 'a number cell that holds the text "7,0"'],
  ['a word in a number cell', '<c r="C2"><v>fermé</v></c>', 'a number cell that holds the text "fermé"'],
  [
    'a shared text that is not there',
    '<c r="C2" t="s"><v>7</v></c>',
    'the shared text number "7", of 0 in the workbook',
  ],
  ['a shared text of a broken number', '<c r="C2" t="s"><v>-1</v></c>', 'the shared text number "-1"'],
  ['an unknown type', '<c r="C2" t="x"><v>7</v></c>', 'a cell of the unknown type "x"'],
  [
    'a number in no style of the workbook',
    '<c r="C2" s="9"><v>7</v></c>',
    'a number in a style that the workbook does not have',
  ],
  ['a date by its type', '<c r="C2" t="d"><v>2025-01-01</v></c>', 'the date 2025-01-01'],
  ['a formula that shows nothing', '<c r="C2"><f>SUM(A1)</f></c>', 'a formula without a stored value'],
  [
    'a formula that shows an empty text',
    '<c r="C2" t="str"><f>""</f><v></v></c>',
    'a formula without a stored value',
  ],
] as const) {
  test(`a count as ${what} is a problem with its place`, async () => {
    const refusal = await refusalIn(withRow(countCell(cell)));
    assert.ok(
      refusal.startsWith(`2025 flux quotidiens.xlsx, sheet "Feuil1", row 2, column C: found ${says}`),
      refusal,
    );
  });
}

for (const [what, row, says] of [
  [
    'text in place of a value',
    countCell('<c r="C2">7</c>'),
    /row 2, column C: found a cell with text beside its value/,
  ],
  [
    'text between its cells',
    countCell('<c r="C2"><v>7</v></c>9'),
    /row 2, column C: found text beside the cells of a row/,
  ],
  [
    'letters outside of a text',
    countCell('<c r="C2" t="inlineStr"><is>9<t>7</t></is></c>'),
    /letters outside of the tags of a text/,
  ],
  [
    'a value inside of a formula',
    countCell('<c r="C2"><f>1<v>7</v></f></c>'),
    /row 2, column C: found <v> inside of a formula/,
  ],
  [
    'two values',
    countCell('<c r="C2"><v>7</v><v>8</v></c>'),
    /row 2, column C: found a cell with two values/,
  ],
  [
    'a value and an inline text',
    countCell('<c r="C2" t="inlineStr"><v>7</v><is><t>8</t></is></c>'),
    /row 2, column C: found a cell of the type "inlineStr" with an inline text/,
  ],
  [
    'a reference of small letters',
    countCell('<c r="c2"><v>7</v></c>'),
    /row 2.*the reference "c2" in this row/,
  ],
  [
    'a reference beyond the last column',
    countCell('<c r="XFE2"><v>7</v></c>'),
    /row 2.*the reference "XFE2" in this row/,
  ],
  [
    'a reference of another row',
    countCell('<c r="C3"><v>7</v></c>'),
    /row 2.*the reference "C3" in this row/,
  ],
  ['an empty reference', countCell('<c r=""><v>7</v></c>'), /row 2.*the reference "" in this row/],
  [
    'a place twice',
    countCell('<c r="C2"><v>7</v></c><c r="A2"><v>8</v></c>'),
    /row 2, column A: found the cell A2 twice/,
  ],
  ['a row beyond the last', '<row r="1048577"><c><v>7</v></c></row>', /the row number "1048577"/],
  ['a row of no number', '<row r="2a"><c><v>7</v></c></row>', /the row number "2a"/],
  ['a row twice', '<row r="1"><c><v>7</v></c></row>', /row 1: found the row number "1" right after it/],
  ['a cell outside of a row', '<c r="A2"><v>7</v></c>', /found <c> between the rows/],
  ['a second table of cells', '</sheetData><sheetData>', /a second table of cells/],
] as const) {
  test(`a sheet with ${what} is refused with its place`, async () =>
    assert.match(await refusalIn(withRow(row)), says));
}

test('cells may stand in any order within their row', async () => {
  const turned =
    '<row r="2"><c r="C2"><v>7</v></c><c r="B2" s="1"><v>45658</v></c><c r="A2" t="inlineStr"><is><t>A1</t></is></c></row>';
  assert.deepEqual(await valuesIn(withRow(turned)), GOOD_VALUES);
});

test('shared texts are found by their relationship, with runs, escapes and without reading aids', async () => {
  const row = countCell('<c r="C2"><v>7</v></c>').replace(
    /<c r="A2".*?<\/c>/,
    '<c r="A2" t="s"><v> 1 </v></c>',
  );
  const strings =
    '<si><t>other</t></si><si><r><t>_x0041_</t></r><r><t xml:space="preserve">1 </t></r><rPh sb="0" eb="1"><t>no</t></rPh><phoneticPr/></si>';
  assert.deepEqual(await valuesIn(withStrings(strings, row)), GOOD_VALUES);
});

test('a date by its type is the day that it names, with and without a time of midnight', async () => {
  for (const day of ['2025-01-01', '2025-01-01T00:00:00', '2025-01-01T00:00:00.000Z']) {
    const row = countCell('<c r="C2"><v>7</v></c>').replace(
      /<c r="B2".*?<\/c>/,
      `<c r="B2" t="d"><v>${day}</v></c>`,
    );
    assert.deepEqual(await valuesIn(withRow(row)), GOOD_VALUES, day);
  }
  for (const day of ['2025-02-30', '2025-01-01T00:00:00+01:00', '45658']) {
    const row = countCell('<c r="C2"><v>7</v></c>').replace(
      /<c r="B2".*?<\/c>/,
      `<c r="B2" t="d"><v>${day}</v></c>`,
    );
    assert.match(await refusalIn(withRow(row)), /column B: found a date cell that holds the text/, day);
  }
});

test('a blank above a column of values is no site code', async () => {
  const wide = edited(goodParts(), {
    [SHEET]: () =>
      `<worksheet xmlns="${MAIN}"><sheetData><row><c t="str"><v>Date</v></c><c t="str"><v>A1</v></c><c t="str"><v> </v></c></row>` +
      '<row><c s="1"><v>45658</v></c><c><v>7</v></c><c><v>9</v></c></row></sheetData></worksheet>',
  });
  assert.match(await refusalIn(wide), /row 2, column C: found a value in a column without a header/);
});
