// Small files that are made to take a reader's time or memory: each with what has to become of it.
import { randomBytes } from 'node:crypto';
import { LONG_HEADER, date } from './folder.ts';
import { partsOf, sheetXml, zip, type ZipPart } from './workbooks.ts';

export interface HostileFile {
  readonly what: string;
  readonly bytes: () => Buffer;
  /** What the refusal says; undefined where the one good row is read all the same. */
  readonly says?: RegExp;
}

const MEBIBYTE = 1024 * 1024;
export const GOOD = sheetXml([LONG_HEADER, ['A1', date('2025-01-01'), 1]]);
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';

/** A workbook of the given sheets, with parts changed or added, and random bytes that keep it from being a bomb. */
function file(
  sheets: readonly string[],
  parts: Readonly<Record<string, string>> = {},
  fillMebibytes = 0,
): Buffer {
  const listed = sheets.map((xml, index) => ({ name: `Feuil${index + 1}`, xml: Buffer.from(xml) }));
  const made = partsOf(listed, false).map((part): ZipPart => {
    const changed = parts[part.name];
    return changed === undefined ? part : { ...part, content: Buffer.from(changed) };
  });
  const names = new Set(made.map(({ name }) => name));
  const added = Object.entries(parts).filter(([name]) => !names.has(name));
  return zip([
    ...made,
    ...added.map(([name, content]): ZipPart => ({ name, content: Buffer.from(content) })),
    ...(fillMebibytes === 0 ? [] : [{ name: 'fill.bin', content: randomBytes(fillMebibytes * MEBIBYTE) }]),
  ]);
}

const RELATIONSHIPS = 'xl/_rels/workbook.xml.rels';
export const withStrings = (sheets: readonly string[], strings: string, fillMebibytes = 0): Buffer => {
  const [relationships] = partsOf(
    sheets.map((_, index) => ({ name: `Feuil${index + 1}`, xml: Buffer.alloc(0) })),
    false,
  ).filter(({ name }) => name === RELATIONSHIPS);
  const type = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings';
  const one = `<Relationship Id="rIdT" Type="${type}" Target="sharedStrings.xml"/></Relationships>`;
  const listed = relationships?.content.toString().replace('</Relationships>', one) ?? '';
  const table = `<sst xmlns="${MAIN}">${strings}</sst>`;
  return file(sheets, { [RELATIONSHIPS]: listed, 'xl/sharedStrings.xml': table }, fillMebibytes);
};

const inData = (xml: string): string => GOOD.replace('</sheetData>', () => `${xml}</sheetData>`);
const afterData = (xml: string): string => GOOD.replace('</worksheet>', () => `${xml}</worksheet>`);
const rows = (count: number, row: (number: number) => string): string =>
  Array.from({ length: count }, (_, index) => row(index + 3)).join('');
const styles = (xml: string): Record<string, string> => ({
  'xl/styles.xml': `<styleSheet xmlns="${MAIN}">${xml}</styleSheet>`,
});

export const HOSTILE: readonly HostileFile[] = [
  {
    what: 'a > in quotes, and one quote within the others, before 200,000 rows',
    bytes: () =>
      file([
        GOOD.replace('<sheetData', `<sheetData a='"' b="1 > 0"`).replace(
          '</sheetData>',
          () => `${rows(200_000, (row) => `<row r="${row}"/>`)}</sheetData>`,
        ),
      ]),
  },
  {
    what: 'a cell in the last column of each of 100,000 rows',
    bytes: () =>
      file([inData(rows(100_000, (row) => `<row r="${row}"><c r="XFD${row}"><v>1</v></c></row>`))]),
    says: /row 3, column A: found an empty cell; expected a site code/,
  },
  {
    what: 'a hundred sheets over 300,000 shared texts',
    bytes: () =>
      withStrings(
        Array.from({ length: 100 }, () => sheetXml([['x']])),
        '<si/>'.repeat(300_000),
      ),
    says: /found the header "x"; expected/,
  },
  {
    what: 'twenty million shared texts',
    bytes: () => withStrings([GOOD], '<si/>'.repeat(20_000_000), 1),
    says: /more than 2000000 shared texts/,
  },
  {
    what: 'shared texts of 300 MB',
    bytes: () => withStrings([GOOD], `<si><t>${'x'.repeat(32_000)}</t></si>`.repeat(10_000), 2),
    says: /shared texts of more than \d+ characters/,
  },
  {
    what: 'a shared text of many runs',
    bytes: () => withStrings([GOOD], `<si>${'<r><t>x</t></r>'.repeat(1_000_000)}</si>`),
  },
  {
    what: 'a number format of 200,000 characters',
    bytes: () =>
      file(
        [GOOD],
        styles(`<numFmts><numFmt numFmtId="164" formatCode="${'[h'.repeat(100_000)}"/></numFmts>`),
      ),
    says: /a number format of 200000 characters, more than 1000/,
  },
  {
    what: 'a million styles',
    bytes: () => file([GOOD], styles(`<cellXfs>${'<xf/>'.repeat(1_000_000)}</cellXfs>`)),
    says: /more than 100000 cell styles/,
  },
  {
    what: 'ten million cells of one row without references',
    bytes: () => file([inData(`<row r="3">${'<c/>'.repeat(10_000_000)}</row>`)], {}, 1),
    says: /more than 16384 cells in a row/,
  },
  {
    what: 'thirty million empty cells',
    bytes: () =>
      file([inData(rows(3_000, (row) => `<row r="${row}">${'<c/>'.repeat(10_000)}</row>`))], {}, 1),
    says: /more than 16000000 cells in one sheet/,
  },
  {
    what: 'a million empty rows',
    bytes: () => file([inData('<row/>'.repeat(1_000_000))]),
  },
  {
    what: 'more rows than a sheet has',
    bytes: () => file([inData('<row/>'.repeat(1_100_000))]),
    says: /the row number "1048577"/,
  },
  {
    what: 'a cell written 16,000 times',
    bytes: () => file([inData(`<row r="3">${'<c r="A3"><v>1</v></c>'.repeat(16_000)}</row>`)]),
    says: /row 3, column A: found the cell A3 twice/,
  },
  {
    what: 'a tag of two million attributes',
    bytes: () => file([GOOD.replace('<sheetData', `<sheetData ${rows(200_000, (row) => `a${row}="" `)}`)]),
    says: /more than 256 attributes in one tag/,
  },
  {
    what: 'a tag of 40 MB',
    bytes: () => file([GOOD.replace('<sheetData', `<sheetData a="${'x'.repeat(40 * MEBIBYTE)}"`)], {}, 1),
    says: /of more than 1048576 bytes/,
  },
  {
    what: 'a comment that never ends',
    bytes: () => file([GOOD.replace('<sheetData>', `<!--${'-'.repeat(14 * MEBIBYTE)}`)]),
    says: /of more than 1048576 bytes/,
  },
  {
    what: 'a hundred thousand names of tags',
    bytes: () => file([afterData(rows(100_000, (row) => `<a${row}/>`))]),
    says: /more than 4096 names of tags and attributes/,
  },
  {
    what: 'namespaces declared on each of 100,000 nested and repeated tags',
    bytes: () =>
      file([afterData(rows(100_000, (row) => `<x:y xmlns:x="u${row}"><x:z xmlns:x="v${row}"/></x:y>`))]),
  },
  {
    what: 'tags in a million levels',
    bytes: () => file([afterData('<a>'.repeat(1_000_000))]),
    says: /nested more than 64 deep/,
  },
  {
    what: 'a text of a million references',
    bytes: () =>
      file([
        inData(`<row r="3"><c r="A3" t="inlineStr"><is><t>${'&amp;'.repeat(200_000)}</t></is></c></row>`),
      ]),
    says: /row 3, column A: found a text of more than 32767 characters/,
  },
  {
    what: 'a number of 200,000 digits',
    bytes: () => file([inData(`<row r="3"><c r="A3"><v>${'9'.repeat(200_000)}</v></c></row>`)]),
    says: /row 3, column A: found a number cell that holds the text "9+…"/,
  },
  {
    what: 'a sheet name of 100,000 characters',
    bytes: () =>
      file([GOOD], {
        'xl/workbook.xml': `<workbook xmlns="${MAIN}"><sheets><sheet name="${'x'.repeat(100_000)}"/></sheets></workbook>`,
      }),
    says: /a sheet whose name has 100000 characters, more than 255/,
  },
  {
    what: 'ten thousand sheets',
    bytes: () =>
      file([GOOD], {
        'xl/workbook.xml': `<workbook xmlns="${MAIN}"><sheets>${rows(10_000, (row) => `<sheet name="${row}"/>`)}</sheets></workbook>`,
      }),
    says: /more than 255 sheets/,
  },
  {
    what: 'ten million elements of no concern',
    bytes: () => file([afterData(`<extLst>${'<a/>'.repeat(10_000_000)}</extLst>`)], {}, 1),
  },
];
