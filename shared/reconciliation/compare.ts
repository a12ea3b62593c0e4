// Compares a published table with an output by SQL: the same rows, in any order.
import { z } from 'zod';
import type { TableOutput } from '../pipelines/outputs.ts';
import { stagingTable } from '../warehouse/tables.ts';
import type { Row, Warehouse } from '../warehouse/warehouse.ts';

export const comparison = z.object({
  /** `dataset.table`. */
  table: z.string(),
  publishedRows: z.int(),
  outputRows: z.int(),
  /** Distinct rows that one side alone has, and a few of them. */
  onlyPublished: z.int(),
  onlyInOutput: z.int(),
  examples: z.array(z.string()),
});
export type Comparison = z.infer<typeof comparison>;

const EXAMPLES = 3;

/**
 * Compares the published rows with the staged ones of `publication`. Keys are unique in the staged rows, so no difference
 * in either direction and an equal count mean the same rows.
 */
export async function compareRows(
  warehouse: Warehouse,
  target: TableOutput,
  publication: string,
): Promise<Comparison> {
  const columns = Object.keys(target.columns).join(', ');
  const side = (table: string) => `SELECT ${columns} FROM ${table}`;
  const published = side(warehouse.quoted(target.table));
  const output = side(warehouse.quoted(stagingTable(target, publication)));
  const without = (one: string, other: string) => `(${one} EXCEPT DISTINCT ${other})`;
  const count = (rows: string, name: string) => `(SELECT COUNT(*) FROM (${rows}) AS ${name}) AS ${name}`;
  const [counted = {}] = await warehouse.query(
    `SELECT ${[
      count(published, 'published_rows'),
      count(output, 'output_rows'),
      count(without(published, output), 'only_published'),
      count(without(output, published), 'only_in_output'),
    ].join(', ')}`,
    {},
  );
  const { published_rows, output_rows, only_published, only_in_output } = counted;
  const found = {
    table: `${target.table.dataset}.${target.table.table}`,
    publishedRows: Number(published_rows),
    outputRows: Number(output_rows),
    onlyPublished: Number(only_published),
    onlyInOutput: Number(only_in_output),
  };
  const examplesOf = async (where: string, number: number, rows: string) => {
    if (number === 0) return [];
    const order = target.key.join(', ');
    const some = await warehouse.query(
      `SELECT * FROM (${rows}) AS differing ORDER BY ${order} LIMIT ${EXAMPLES}`,
      {},
    );
    return some.map((row) => `only ${where}: ${textOf(row)}`);
  };
  const examples = [
    ...(await examplesOf('in the table', found.onlyPublished, without(published, output))),
    ...(await examplesOf('in the output', found.onlyInOutput, without(output, published))),
  ];
  return { ...found, examples };
}

export const isSame = (found: Comparison): boolean =>
  found.publishedRows === found.outputRows && found.onlyPublished === 0 && found.onlyInOutput === 0;

const textOf = (row: Row): string =>
  Object.entries(row)
    .map(([name, value]) => `${name} ${value ?? 'null'}`)
    .join(', ');
