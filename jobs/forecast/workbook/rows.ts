// The one file that knows hucre: a sheet's rows, streamed.
import { streamXlsxRows } from 'hucre/xlsx';
import { UnusableWorkbook } from './unusable.ts';

/** A date cell is a Date at midnight UTC of its day, in whichever of Excel's date systems it was written. */
export type Cell = string | number | boolean | Date | null;

export interface Row {
  /** As a spreadsheet shows it: the first row is 1. */
  readonly number: number;
  readonly cells: readonly Cell[];
}

/** `sheetIndex` counts all sheets of the workbook in their order. Throws `UnusableWorkbook`. */
export async function* readRows(file: Buffer, sheetIndex: number): AsyncGenerator<Row, void, undefined> {
  try {
    for await (const row of streamXlsxRows(file, { sheet: sheetIndex })) {
      yield { number: row.index + 1, cells: row.values };
    }
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new UnusableWorkbook(`a workbook that cannot be read (${said})`, undefined, { cause });
  }
}
