// Opens a workbook by its relationships: which sheets it has, and what their cells refer to.
import { onlyPart, readRelationships } from './package/relationships.ts';
import { WorkbookPackage } from './package/package.ts';
import { readSheetList, type ListedSheet } from './package/sheets.ts';
import type { Row } from './sheet/row.ts';
import { readSharedStrings } from './sheet/shared-strings.ts';
import { readDateStyles } from './sheet/styles.ts';
import { readRows } from './sheet/worksheet.ts';
import { unusable, UnusableWorkbook } from './unusable.ts';

export interface OpenWorkbook {
  readonly sheets: readonly ListedSheet[];
  /** Calls `onRow` for every row that is not empty, until it answers false. Once for each sheet. */
  readRows(sheet: ListedSheet, onRow: (row: Row) => boolean): Promise<void>;
}

/** Throws `UnusableWorkbook`, which says what the file is instead. */
export async function openWorkbook(file: Buffer): Promise<OpenWorkbook> {
  const workbook = new WorkbookPackage(file);
  const main = onlyPart(await readRelationships(workbook, ''), 'officeDocument');
  if (main === undefined) throw unusable('an archive whose relationships name no workbook');
  if (main.endsWith('.bin')) {
    throw new UnusableWorkbook(
      'a binary workbook (.xlsb)',
      'an Excel workbook (.xlsx): open it in Excel and save it as one',
    );
  }
  const part = workbook.openSmall(main);
  const relationships = await readRelationships(workbook, main);
  const { sheets, date1904 } = await readSheetList(workbook, part, relationships);
  const strings = onlyPart(relationships, 'sharedStrings');
  const styles = onlyPart(relationships, 'styles');
  const context = {
    strings: strings === undefined ? [] : await readSharedStrings(workbook.open(strings)),
    dateStyles: styles === undefined ? [] : await readDateStyles(workbook.openSmall(styles)),
    date1904,
  };
  const sheetParts = sheets.flatMap(({ content }) => (content.kind === 'worksheet' ? [content.part] : []));
  await workbook.backtestOthers(new Set(sheetParts));
  return {
    sheets,
    readRows: async ({ name, content }, onRow) => {
      if (content.kind === 'lost') throw unusable(content.found, { sheet: name });
      if (content.kind === 'worksheet') await readRows(workbook.open(content.part), name, context, onRow);
    },
  };
}
