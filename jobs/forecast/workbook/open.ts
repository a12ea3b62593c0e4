// Opens a workbook: proves that it is whole, and says which sheets it has.
import { dirname, posix } from 'node:path';
import { findFormulas, type Formulas } from './formulas.ts';
import { UnusableWorkbook } from './unusable.ts';
import { tagsOf } from './xml.ts';
import { inflate, readDirectory, type ZipEntry } from './zip.ts';

const WORKBOOK = 'xl/workbook.xml';
const RELATIONS = 'xl/_rels/workbook.xml.rels';
const SHEETS = /^xl\/worksheets\//;
const MOST_SHEETS = 100;

export interface SheetInfo {
  readonly name: string;
  /** Among all sheets of the workbook. */
  readonly index: number;
  readonly hidden: boolean;
  /** Proves the sheet's XML on the way. Throws `UnusableWorkbook`. */
  formulas(): Formulas;
}

/** Throws `UnusableWorkbook`, which says what the file is instead. */
export function openWorkbook(file: Buffer): readonly SheetInfo[] {
  const entries = readDirectory(file);
  // All parts, also those that the reader of rows takes on trust: without its styles a date is a number.
  for (const entry of entries.values()) if (!SHEETS.test(entry.name)) inflate(file, entry);
  const part = (name: string): Buffer => inflate(file, entryNamed(entries, name));
  const targets = new Map(
    tagsOf(part(RELATIONS), RELATIONS)
      .filter((tag) => tag.name === 'Relationship')
      .map(({ attributes }) => [attributes['Id'] ?? '', pathOf(attributes['Target'] ?? '')]),
  );
  const sheets = tagsOf(part(WORKBOOK), WORKBOOK).filter((tag) => tag.name === 'sheet');
  if (sheets.length > MOST_SHEETS) throw new UnusableWorkbook(`${sheets.length} sheets in one workbook`);
  return sheets.map(({ attributes }, index) => ({
    name: attributes['name'] ?? '',
    index,
    hidden: attributes['state'] === 'hidden' || attributes['state'] === 'veryHidden',
    formulas: () => {
      const path = targets.get(attributes['id'] ?? '') ?? '';
      return findFormulas(part(path), path);
    },
  }));
}

function entryNamed(entries: ReadonlyMap<string, ZipEntry>, name: string): ZipEntry {
  const entry = entries.get(name);
  if (entry === undefined) {
    throw new UnusableWorkbook(`an archive without ${name === '' ? 'its sheet' : name}, so no workbook`);
  }
  return entry;
}

const pathOf = (target: string): string =>
  target.startsWith('/') ? target.slice(1) : posix.normalize(posix.join(dirname(WORKBOOK), target));
