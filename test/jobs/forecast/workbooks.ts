// Workbooks made by bytes, so that a test can make exactly the good or bad one that it is about.
import { crc32, deflateRawSync } from 'node:zlib';
import { columnLetters } from '../../../jobs/forecast/workbook/place.ts';

/** A cell: a value, a date (ISO), an error, or a formula with its stored value. */
export type TestCell =
  | string
  | number
  | boolean
  | null
  | { readonly date: string }
  | { readonly error: string }
  | { readonly formula: string; readonly value?: string | number };

export interface TestSheet {
  readonly name: string;
  readonly hidden?: boolean;
  readonly rows: readonly (readonly TestCell[])[];
}

export interface ZipPart {
  readonly name: string;
  readonly content: Buffer;
  /** What the archive says of the part's size, when it lies. */
  readonly declaredBytes?: number;
  /** What the archive's table calls the part, when that is not its name. */
  readonly listedAs?: string;
  readonly declaredCrc32?: number;
}

/** One sheet called `Feuil1`. */
export const xlsx = (rows: TestSheet['rows']): Buffer => workbook([{ name: 'Feuil1', rows }]);

export const workbook = (
  sheets: readonly TestSheet[],
  options: { readonly date1904?: boolean } = {},
): Buffer =>
  zip(
    partsOf(
      sheets.map((sheet) => ({
        ...sheet,
        xml: Buffer.from(sheetXml(sheet.rows, options.date1904 ?? false)),
      })),
      options.date1904 ?? false,
    ),
  );

/** A workbook of one sheet with the given XML, well formed or not. */
export const workbookOfXml = (xml: Buffer | string): Buffer =>
  zip(partsOf([{ name: 'Feuil1', xml: Buffer.from(xml) }], false));

export const partsOf = (
  sheets: readonly { readonly name: string; readonly hidden?: boolean; readonly xml: Buffer }[],
  date1904: boolean,
): ZipPart[] => {
  const list = sheets
    .map(
      ({ name, hidden }, index) =>
        `<sheet name="${name}" sheetId="${index + 1}"${hidden === true ? ' state="hidden"' : ''} r:id="rId${index + 1}"/>`,
    )
    .join('');
  const relations = sheets.map(
    (_, index) =>
      `<Relationship Id="rId${index + 1}" Type="${OFFICE}/worksheet" Target="worksheets/sheet${index + 1}.xml"/>`,
  );
  const parts: [string, string | Buffer][] = [
    [
      '[Content_Types].xml',
      `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`,
    ],
    [
      '_rels/.rels',
      `<Relationships xmlns="${PACKAGE}"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    ],
    [
      'xl/workbook.xml',
      `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><workbookPr${date1904 ? ' date1904="1"' : ''}/><sheets>${list}</sheets></workbook>`,
    ],
    [
      'xl/_rels/workbook.xml.rels',
      `<Relationships xmlns="${PACKAGE}">${relations.join('')}<Relationship Id="rIdS" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`,
    ],
    [
      'xl/styles.xml',
      `<styleSheet xmlns="${MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>`,
    ],
    ...sheets.map(({ xml }, index): [string, Buffer] => [`xl/worksheets/sheet${index + 1}.xml`, xml]),
  ];
  return parts.map(([name, content]) => ({ name, content: Buffer.from(content as string) }));
};

export function zip(parts: readonly ZipPart[]): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const part of parts) {
    const { name, content, declaredBytes = content.length, listedAs = name } = part;
    const packed = deflateRawSync(content, { level: 1 });
    const sums = Buffer.alloc(12);
    sums.writeUInt32LE(part.declaredCrc32 ?? crc32(content), 0);
    sums.writeUInt32LE(packed.length, 4);
    sums.writeUInt32LE(declaredBytes, 8);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(20, 4);
    local.writeUInt16LE(8, 8);
    sums.copy(local, 14);
    local.writeUInt16LE(Buffer.byteLength(name), 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(20, 4);
    entry.writeUInt16LE(20, 6);
    entry.writeUInt16LE(8, 10);
    sums.copy(entry, 16);
    entry.writeUInt16LE(Buffer.byteLength(listedAs), 28);
    entry.writeUInt32LE(offset, 42);
    files.push(local, Buffer.from(name), packed);
    directory.push(entry, Buffer.from(listedAs));
    offset += local.length + Buffer.byteLength(name) + packed.length;
  }
  const directoryBytes = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(directoryBytes.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, directoryBytes, end]);
}

export const sheetXml = (rows: TestSheet['rows'], date1904 = false): string => {
  const body = rows.map((cells, row) => {
    const written = cells.map((cell, column) =>
      cellXml(cell, `${columnLetters(column)}${row + 1}`, date1904),
    );
    return `<row r="${row + 1}">${written.join('')}</row>`;
  });
  return `<worksheet xmlns="${MAIN}"><sheetData>${body.join('')}</sheetData></worksheet>`;
};

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006/relationships';
const FIRST_DAY = { 1900: Date.UTC(1899, 11, 30), 1904: Date.UTC(1904, 0, 1) };
const MS_PER_DAY = 86_400_000;

function cellXml(cell: TestCell, reference: string, date1904: boolean): string {
  const open = `<c r="${reference}"`;
  if (cell === null) return '';
  if (typeof cell === 'number') return `${open}><v>${cell}</v></c>`;
  if (typeof cell === 'boolean') return `${open} t="b"><v>${Number(cell)}</v></c>`;
  if (typeof cell === 'string') return `${open} t="inlineStr"><is><t>${escape(cell)}</t></is></c>`;
  if ('error' in cell) return `${open} t="e"><v>${cell.error}</v></c>`;
  if ('date' in cell) {
    const first = date1904 ? FIRST_DAY[1904] : FIRST_DAY[1900];
    return `${open} s="1"><v>${(Date.parse(cell.date) - first) / MS_PER_DAY}</v></c>`;
  }
  const value = cell.value === undefined ? '' : `<v>${escape(String(cell.value))}</v>`;
  const type = typeof cell.value === 'string' ? ' t="str"' : '';
  return `${open}${type}><f>${escape(cell.formula)}</f>${value}</c>`;
}

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
