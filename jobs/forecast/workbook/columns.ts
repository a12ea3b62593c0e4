// Finds named columns in a header row, as people type their names.
import type { Cell } from './rows.ts';
import { fold } from './words.ts';

/** The index of each wanted column, in the wanted order; undefined unless each is there exactly once. */
export function findColumns(
  cells: readonly Cell[],
  wanted: readonly string[],
): readonly number[] | undefined {
  const keys = cells.map((cell) => (typeof cell === 'string' ? fold(cell) : ''));
  const indexes: number[] = [];
  for (const name of wanted) {
    const index = keys.indexOf(fold(name));
    if (index === -1 || keys.lastIndexOf(fold(name)) !== index) return undefined;
    indexes.push(index);
  }
  return indexes;
}
