// The parts of a small good flux workbook, of which a test changes the one that it is about.
import { readFolder, type FolderReading } from '../../../jobs/forecast/workbook/read.ts';
import { date, flux, goodOpenings, goodTransco, LONG_HEADER, messagesOf, TODAY, valuesOf } from './folder.ts';
import { partsOf, sheetXml, zip, type TestCell, type ZipPart } from './workbooks.ts';

export const SHEET = 'xl/worksheets/sheet1.xml';
export const WORKBOOK = 'xl/workbook.xml';
export const RELATIONSHIPS = 'xl/_rels/workbook.xml.rels';
export const ROOT = '_rels/.rels';
export const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
export const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';

export const GOOD_VALUES = ['A1 2025-01-01 7'];
const ROWS: readonly (readonly TestCell[])[] = [LONG_HEADER, ['A1', date('2025-01-01'), 7]];

/** Each sheet has the header and one row: `7` in the first, `8` in the second, and so on. */
export const goodParts = (names: readonly string[] = ['Feuil1']): readonly ZipPart[] =>
  partsOf(
    names.map((name, index) => ({
      name,
      xml: Buffer.from(sheetXml([LONG_HEADER, ['A1', date('2025-01-01'), 7 + index]])),
    })),
    false,
  );

export const goodSheet = sheetXml(ROWS);

type Edit = (content: string) => string | Buffer;

/** The parts with some edited, all of which have to be there and to change. */
export function edited(parts: readonly ZipPart[], edits: Readonly<Record<string, Edit>>): readonly ZipPart[] {
  const missing = Object.keys(edits).filter((name) => !parts.some((part) => part.name === name));
  if (missing.length > 0) throw new Error(`there is no part ${missing.join()} to edit`);
  return parts.map((part) => {
    const edit = edits[part.name];
    if (edit === undefined) return part;
    const content = Buffer.from(edit(part.content.toString()) as string);
    if (content.equals(part.content)) throw new Error(`the edit of ${part.name} changes nothing`);
    return { ...part, content };
  });
}

export const renamed = (parts: readonly ZipPart[], name: (old: string) => string): readonly ZipPart[] =>
  parts.map((part) => ({ ...part, name: name(part.name) }));

export const part = (name: string, content: string | Buffer): ZipPart => ({
  name,
  content: Buffer.from(content as string),
});

/** Of a workbook of flux, beside a good Transco and a good census. */
export const readParts = (parts: readonly ZipPart[]): Promise<FolderReading> => readBytes(zip(parts));

export const readBytes = (bytes: Buffer): Promise<FolderReading> =>
  readFolder([flux(bytes), goodTransco(), goodOpenings()], TODAY);

export const valuesIn = async (parts: readonly ZipPart[]): Promise<readonly string[]> =>
  valuesOf(await readParts(parts));

export const refusalIn = async (parts: readonly ZipPart[]): Promise<string> =>
  messagesOf(await readParts(parts)).join('\n');

/** The good workbook with the given XML in place of its row of data. */
export const withRow = (row: string): readonly ZipPart[] =>
  edited(goodParts(), { [SHEET]: (xml) => xml.replace(/<row r="2">.*<\/row>/s, () => row) });

/** A row of data whose third cell, the count, is the given XML. */
export const countCell = (cell: string): string =>
  `<row r="2"><c r="A2" t="inlineStr"><is><t>A1</t></is></c><c r="B2" s="1"><v>45658</v></c>${cell}</row>`;
