// Which cells of a sheet are formulas: the reader of values does not say, and a name must not be one.
import { parseReference } from './place.ts';
import { UnusableWorkbook } from './unusable.ts';
import { attributesOf, walkTags } from './xml.ts';

const ROW_LENGTH = 'row'.length;
const ROW = 'r'.charCodeAt(0);
const CELL = 'c'.charCodeAt(0);
const FORMULA = 'f'.charCodeAt(0);

export interface Formulas {
  readonly count: number;
  /** `row` counts from 1, `columnIndex` from 0. */
  has(row: number, columnIndex: number): boolean;
}

/** Walks a worksheet's XML, which also holds it to being well formed. Throws `UnusableWorkbook`. */
export function findFormulas(xml: Buffer, part: string): Formulas {
  const rowsByColumn = new Map<number, Set<number>>();
  let rowStart = 0;
  let rowEnd = 0;
  let cellStart = 0;
  let cellEnd = 0;
  let count = 0;
  walkTags(xml, part, (start, end, tagEnd) => {
    if (end - start === ROW_LENGTH && xml[start] === ROW) {
      rowStart = end;
      rowEnd = tagEnd;
    }
    if (end - start !== 1) return;
    if (xml[start] === CELL) {
      cellStart = end;
      cellEnd = tagEnd;
    } else if (xml[start] === FORMULA) {
      const place = parseReference(attributesOf(xml, cellStart, cellEnd)['r'] ?? '');
      const rowNumber = Number(attributesOf(xml, rowStart, rowEnd)['r'] ?? place?.row);
      if (place === undefined || place.row !== rowNumber) {
        throw new UnusableWorkbook(`a formula in a cell without a clear place, in ${part}`);
      }
      const rows = rowsByColumn.get(place.columnIndex) ?? new Set<number>();
      rowsByColumn.set(place.columnIndex, rows.add(place.row));
      count += 1;
    }
  });
  return { count, has: (row, columnIndex) => rowsByColumn.get(columnIndex)?.has(row) ?? false };
}
