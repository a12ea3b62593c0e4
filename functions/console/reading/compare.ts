// What changed between two versions of a table's rows: the rows added, removed and changed, and the columns that differ.
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
  readonly columns: readonly { readonly column: string; readonly rows: number }[];
  /** In both versions; those whose numbers differ most come first. */
  readonly changed: readonly RowChange[];
  /** Each with its values after, and with those before. */
  readonly added: readonly RowChange[];
  readonly removed: readonly RowChange[];
}

type Described = Pick<TableOutput, 'columns' | 'key'>;

export function compare(output: Described, before: readonly Cells[], after: readonly Cells[]): Compared {
  const old = byKey(output, before);
  const fresh = byKey(output, after);
  const values = Object.keys(output.columns).filter((column) => !output.key.includes(column));
  const changes: RowChange[] = [];
  const added: RowChange[] = [];
  for (const [key, row] of fresh) {
    const earlier = old.get(key);
    const columns = values.flatMap((column) => changeOf(column, earlier ?? {}, row));
    if (earlier === undefined) added.push({ key: keyOf(output, row), columns, difference: null });
    else if (columns.length > 0)
      changes.push({ key: keyOf(output, row), columns, difference: largestOf(output, columns) });
  }
  const removed = [...old].filter(([key]) => !fresh.has(key));
  return {
    rowsBefore: before.length,
    rowsAfter: after.length,
    columns: values
      .map((column) => ({
        column,
        rows: changes.filter((each) => each.columns.some((cell) => cell.column === column)).length,
      }))
      .filter(({ rows }) => rows > 0),
    changed: changes.toSorted(
      (one, other) => Math.abs(other.difference ?? 0) - Math.abs(one.difference ?? 0),
    ),
    added,
    removed: removed.map(([, row]) => ({
      key: keyOf(output, row),
      columns: values.flatMap((column) => changeOf(column, row, {})),
      difference: null,
    })),
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
