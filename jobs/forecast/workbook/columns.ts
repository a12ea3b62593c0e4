// Finds named columns in a header row, as people type their names.
import type { Row } from './sheet/row.ts';
import { fold } from './words.ts';

/** The index of each wanted column, in the wanted order; undefined unless each is there exactly once. */
export function findColumns(row: Row, wanted: readonly string[]): readonly number[] | undefined {
  const keys = row.values.map((cell) => (typeof cell === 'string' ? fold(cell) : ''));
  const indexes: number[] = [];
  for (const name of wanted) {
    const index = keys.indexOf(fold(name));
    if (index === -1 || keys.lastIndexOf(fold(name)) !== index) return undefined;
    indexes.push(row.columns[index] ?? 0);
  }
  return indexes;
}
