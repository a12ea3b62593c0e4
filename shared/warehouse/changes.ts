// The changes that a publication would make to one table, computed by SQL from the staged and the published rows.
import { tableName, type TableOutput } from '../pipelines/outputs.ts';
import type { ChangeCounts } from '../runs/outcome.ts';
import { z } from 'zod';
import { stagingTable } from './tables.ts';
import type { Row, Warehouse } from './warehouse.ts';

const cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);

export const tableChanges = z.object({
  /** `dataset.table`. */
  table: z.string(),
  /** How many rows it has now, and would have. */
  rowsBefore: z.int(),
  rowsAfter: z.int(),
  /** By the output's key: only staged, only published, in both with another value. */
  added: z.int(),
  removed: z.int(),
  changed: z.int(),
  /** The columns that change, and in how many of the changed rows. */
  columns: z.array(z.object({ column: z.string(), rows: z.int() })),
  /** A few changed rows, the largest numeric change first. */
  largest: z.array(
    z.object({
      key: z.record(z.string(), cell),
      columns: z.array(z.object({ column: z.string(), before: cell, after: cell })),
    }),
  ),
});
export type TableChanges = z.infer<typeof tableChanges>;

/** How the staged rows of `publication` differ from the published ones, in numbers alone: one query. */
export async function countChanges(
  warehouse: Warehouse,
  target: TableOutput,
  publication: string,
): Promise<ChangeCounts> {
  const columns = valueColumns(target);
  const joined = join(warehouse, target, publication);
  const sql = `SELECT ${countsOfRows(columns).join(', ')} FROM ${joined}`;
  const [counted = {}] = await warehouse.query(sql, {});
  const count = (name: string) => Number(counted[name] ?? 0);
  return {
    table: tableName(target),
    added: count('added'),
    removed: count('removed'),
    changed: count('changed'),
  };
}

const EXAMPLES = 5;

/** Reads only: compares the staged rows of `publication` with those of the published table. */
export async function changesOf(
  warehouse: Warehouse,
  target: TableOutput,
  publication: string,
): Promise<TableChanges> {
  const columns = valueColumns(target);
  const joined = join(warehouse, target, publication);
  const [[counted = {}], examples] = await Promise.all([
    warehouse.query(countQuery(columns, joined), {}),
    columns.length === 0 ? [] : warehouse.query(examplesQuery(target, columns, joined), {}),
  ]);
  const count = (name: string) => Number(counted[name] ?? 0);
  return {
    table: tableName(target),
    rowsBefore: count('rows_before'),
    rowsAfter: count('rows_after'),
    added: count('added'),
    removed: count('removed'),
    changed: count('changed'),
    columns: columns
      .map((column, index) => ({ column, rows: count(`changed_${index}`) }))
      .filter(({ rows }) => rows > 0),
    largest: examples.map((row) => exampleOf(target, columns, row)),
  };
}

const valueColumns = ({ columns, key }: TableOutput): readonly string[] =>
  Object.keys(columns).filter((column) => !key.includes(column));

/** `here` is null on the side that lacks the row; no other column shows that, because keys are never null. */
function join(warehouse: Warehouse, target: TableOutput, publication: string): string {
  const side = (table: string) => `(SELECT *, TRUE AS here FROM ${table})`;
  const on = target.key.map((column) => `s.${column} = p.${column}`).join(' AND ');
  const staging = warehouse.quoted(stagingTable(target, publication));
  return `${side(staging)} AS s FULL JOIN ${side(warehouse.quoted(target.table))} AS p ON ${on}`;
}

const both = 's.here AND p.here';
const differs = (column: string): string => `s.${column} IS DISTINCT FROM p.${column}`;
const anyDiffers = (columns: readonly string[]): string =>
  columns.length === 0 ? 'FALSE' : `(${columns.map(differs).join(' OR ')})`;

const countsOfRows = (columns: readonly string[]): readonly string[] => [
  'COUNTIF(p.here IS NULL) AS added',
  'COUNTIF(s.here IS NULL) AS removed',
  `COUNTIF(${both} AND ${anyDiffers(columns)}) AS changed`,
];

const countQuery = (columns: readonly string[], joined: string): string =>
  `SELECT ${[
    'COUNTIF(p.here) AS rows_before',
    'COUNTIF(s.here) AS rows_after',
    ...countsOfRows(columns),
    ...columns.map((column, index) => `COUNTIF(${both} AND ${differs(column)}) AS changed_${index}`),
  ].join(', ')} FROM ${joined}`;

function examplesQuery(output: TableOutput, columns: readonly string[], joined: string): string {
  const numeric = columns.filter((column) =>
    ['FLOAT', 'INTEGER'].includes(output.columns[column]?.type ?? ''),
  );
  const sizes = numeric.map((column) => `ABS(IFNULL(s.${column}, 0) - IFNULL(p.${column}, 0))`);
  const size = sizes.length > 1 ? `GREATEST(${sizes.join(', ')})` : (sizes[0] ?? '0');
  const keys = output.key.map((column, index) => `s.${column} AS key_${index}`);
  const values = columns.flatMap((column, index) => [
    `p.${column} AS before_${index}`,
    `s.${column} AS after_${index}`,
  ]);
  const order = [`${size} DESC`, ...output.key.map((column) => `s.${column}`)];
  return (
    `SELECT ${[...keys, ...values].join(', ')} FROM ${joined} ` +
    `WHERE ${both} AND ${anyDiffers(columns)} ORDER BY ${order.join(', ')} LIMIT ${EXAMPLES}`
  );
}

function exampleOf(
  output: TableOutput,
  columns: readonly string[],
  row: Row,
): TableChanges['largest'][number] {
  const cellOf = (name: string) => row[name] ?? null;
  return {
    key: Object.fromEntries(output.key.map((column, index) => [column, cellOf(`key_${index}`)])),
    columns: columns
      .map((column, index) => ({
        column,
        before: cellOf(`before_${index}`),
        after: cellOf(`after_${index}`),
      }))
      .filter(({ before, after }) => before !== after),
  };
}
