// How many bytes a statement reads, as BigQuery counts them: by the values of the columns that it speaks of.
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Table } from './catalog.ts';
import type { Access } from './sql/scope.ts';
import type { Statement } from './sql/statements.ts';
import { duckdbName } from './tables.ts';
import { canonicalType, type Field, quoted } from './types.ts';

/** A table that a statement uses, and for what. */
export interface Use {
  readonly table: Table;
  readonly access: Access;
}

interface Compiled {
  readonly statement: Statement;
  /** The column names that it mentions, in lower case; `*` for all. */
  readonly columns: ReadonlySet<string>;
  readonly uses: readonly Use[];
}

// Bytes of a value; a NULL has none, and a STRING has its UTF-8 besides these 2.
const SIZES: Readonly<Record<string, number>> = { STRING: 2, BOOLEAN: 1, NUMERIC: 16 };
const USUAL_SIZE = 8;

/** What a dry run answers. A table that is joined with itself is read once. */
export async function bytesOf(
  connection: DuckDBConnection,
  statements: readonly Compiled[],
): Promise<number> {
  let bytes = 0;
  for (const compiled of statements) {
    for (const [table, fields] of readBy(compiled)) bytes += await sizeOf(connection, table, fields);
  }
  return bytes;
}

/** The columns that are read of each table. DML that changes rows reads all of its own table, by BigQuery's rule. */
function readBy({ statement, columns, uses }: Compiled): ReadonlyMap<Table, readonly Field[]> {
  const changes = ['DELETE', 'UPDATE', 'MERGE'].includes(statement.kind);
  const read = new Map<Table, readonly Field[]>();
  for (const { table, access } of uses) {
    if (table.viewQuery !== undefined || (access === 'write' && !changes)) continue;
    const all = access === 'write' || columns.has('*');
    const named = table.fields.filter(({ name }) => all || columns.has(name.toLowerCase()));
    if (named.length >= (read.get(table)?.length ?? 0)) read.set(table, named);
  }
  return read;
}

async function sizeOf(connection: DuckDBConnection, table: Table, fields: readonly Field[]): Promise<number> {
  if (fields.length === 0) return 0;
  const sums = fields.map(({ name, type }) => {
    const column = quoted(name);
    const canonical = canonicalType(type);
    const fixed = `${SIZES[canonical] ?? USUAL_SIZE} * count(${column})`;
    return canonical === 'STRING' ? `${fixed} + coalesce(sum(strlen(${column})), 0)` : fixed;
  });
  const read = await connection.runAndReadAll(`SELECT ${sums.join(' + ')} FROM ${duckdbName(table)}`);
  return Number(read.getRowsJS()[0]?.[0] ?? 0);
}
