// What changed between two versions of a table's rows: counts, the columns that differ, and the largest changes.
import type { TableOutput } from '../../../shared/pipelines/outputs.ts';

export type Cells = Readonly<Record<string, string>>;

export interface CellChange {
  readonly column: string;
  readonly before: string;
  readonly after: string;
}

export interface RowChange {
  readonly key: readonly string[];
  readonly columns: readonly CellChange[];
  /** The largest difference of a number; null where none differs. */
  readonly difference: number | null;
}

export interface Compared {
  readonly rowsBefore: number;
  readonly rowsAfter: number;
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  readonly columns: readonly { readonly column: string; readonly rows: number }[];
  readonly largest: readonly RowChange[];
}

/** How many rows are shown one by one. */
export const MOST_SHOWN = 10;

type Described = Pick<TableOutput, 'columns' | 'key'>;

export function compare(output: Described, before: readonly Cells[], after: readonly Cells[]): Compared {
  const old = byKey(output, before);
  const fresh = byKey(output, after);
  const values = Object.keys(output.columns).filter((column) => !output.key.includes(column));
  const changes: RowChange[] = [];
  let added = 0;
  for (const [key, row] of fresh) {
    const earlier = old.get(key);
    if (earlier === undefined) added += 1;
    else {
      const columns = values.flatMap((column) => changeOf(column, earlier, row));
      if (columns.length > 0)
        changes.push({ key: keyOf(output, row), columns, difference: largestOf(output, columns) });
    }
  }
  return {
    rowsBefore: before.length,
    rowsAfter: after.length,
    added,
    removed: [...old.keys()].filter((key) => !fresh.has(key)).length,
    changed: changes.length,
    columns: values
      .map((column) => ({
        column,
        rows: changes.filter((each) => each.columns.some((cell) => cell.column === column)).length,
      }))
      .filter(({ rows }) => rows > 0),
    largest: changes
      .toSorted((one, other) => Math.abs(other.difference ?? 0) - Math.abs(one.difference ?? 0))
      .slice(0, MOST_SHOWN),
  };
}

const keyOf = ({ key }: Described, row: Cells): readonly string[] => key.map((column) => row[column] ?? '');

const byKey = (output: Described, rows: readonly Cells[]): ReadonlyMap<string, Cells> =>
  new Map(rows.map((row) => [JSON.stringify(keyOf(output, row)), row]));

function changeOf(column: string, before: Cells, after: Cells): readonly CellChange[] {
  const [old, fresh] = [before[column] ?? '', after[column] ?? ''];
  return old === fresh ? [] : [{ column, before: old, after: fresh }];
}

/** An empty cell is no number: it is not 0. */
function largestOf({ columns: described }: Described, columns: readonly CellChange[]): number | null {
  const differences = columns
    .filter(
      ({ column, before, after }) => isNumeric(described[column]?.type) && before !== '' && after !== '',
    )
    .map(({ before, after }) => Number(after) - Number(before))
    .filter((difference) => Number.isFinite(difference));
  return differences.length === 0
    ? null
    : differences.reduce((largest, each) => (Math.abs(each) > Math.abs(largest) ? each : largest));
}

const isNumeric = (type: string | undefined): boolean => type === 'FLOAT' || type === 'INTEGER';
