// The workbook part: its list of sheets, each with the part that holds it, and its date system.
import { unusable } from '../unusable.ts';
import type { Scope } from '../xml/names.ts';
import { walkPaths } from '../xml/paths.ts';
import type { Tag } from '../xml/tag.ts';
import { MAIN, RELATIONSHIPS } from './namespaces.ts';
import type { Part, WorkbookPackage } from './package.ts';
import type { Relationship } from './relationships.ts';

const MOST_SHEETS = 255;
const LONGEST_SHEET_NAME = 255;
const STATES = ['visible', 'hidden', 'veryHidden'];

/** `none`: no cells of its own (a chart, a dialog, a macro sheet, or nothing at all). */
export type SheetContent =
  | { readonly kind: 'worksheet'; readonly part: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'lost'; readonly found: string };

export interface ListedSheet {
  readonly name: string;
  readonly isHidden: boolean;
  readonly content: SheetContent;
}

export interface SheetList {
  readonly sheets: readonly ListedSheet[];
  readonly date1904: boolean;
}

/** Throws `UnusableWorkbook` for a list that is in doubt: names that are missing or the same, a shared part. */
export async function readSheetList(
  workbook: WorkbookPackage,
  part: Part,
  relationships: ReadonlyMap<string, Relationship>,
): Promise<SheetList> {
  const sheets: ListedSheet[] = [];
  let date1904 = false;
  await walkPaths(part, 'workbook', MAIN, (path, tag, scope) => {
    if (path === 'workbook/workbookPr') date1904 = readBoolean(tag.attribute('date1904') ?? '0', part.name);
    if (path !== 'workbook/sheets/sheet') return;
    if (sheets.length === MOST_SHEETS) throw unusable(`more than ${MOST_SHEETS} sheets in one workbook`);
    sheets.push(sheetOf(tag, scope, workbook, relationships));
  });
  refuseTwice(
    sheets.map(({ name }) => name.normalize('NFC').toLowerCase()),
    (name) => `two sheets named "${name}"`,
  );
  refuseTwice(
    sheets.flatMap(({ content }) => (content.kind === 'worksheet' ? [content.part] : [])),
    (key) => `two sheets in the one part ${key}`,
  );
  return { sheets, date1904 };
}

function sheetOf(
  tag: Tag,
  scope: Scope,
  workbook: WorkbookPackage,
  relationships: ReadonlyMap<string, Relationship>,
): ListedSheet {
  const name = tag.attribute('name') ?? '';
  if (name.trim() === '') throw unusable('a sheet without a name');
  if (name.length > LONGEST_SHEET_NAME) {
    throw unusable(`a sheet whose name has ${name.length} characters, more than ${LONGEST_SHEET_NAME}`);
  }
  const state = tag.attribute('state') ?? 'visible';
  if (!STATES.includes(state)) throw unusable(`the state "${state}" of the sheet "${name}"`);
  const id = tag.attributeIn(scope, RELATIONSHIPS, 'id');
  return { name, isHidden: state !== 'visible', content: contentOf(id, workbook, relationships) };
}

function contentOf(
  id: string | undefined,
  workbook: WorkbookPackage,
  relationships: ReadonlyMap<string, Relationship>,
): SheetContent {
  // Old macro sheets have an entry and no part.
  if (id === '') return { kind: 'none' };
  if (id === undefined) return { kind: 'lost', found: 'a sheet that names no part' };
  const relationship = relationships.get(id);
  if (relationship === undefined) return { kind: 'lost', found: `a sheet whose part "${id}" is not listed` };
  if (relationship.type !== 'worksheet') return { kind: 'none' };
  const { part } = relationship;
  if (part === undefined) return { kind: 'lost', found: 'a sheet that lies outside of the workbook' };
  if (!workbook.has(part)) return { kind: 'lost', found: `an archive without ${part}, the part of a sheet` };
  return { kind: 'worksheet', part };
}

export function readBoolean(text: string, part: string): boolean {
  if (['1', 'true', 'on'].includes(text)) return true;
  if (['0', 'false', 'off'].includes(text)) return false;
  throw unusable(`"${text}" in place of a yes or no in ${part}`);
}

function refuseTwice(keys: readonly string[], found: (key: string) => string): void {
  const observed = new Set<string>();
  for (const key of keys) {
    if (observed.has(key)) throw unusable(found(key));
    observed.add(key);
  }
}
