// The columns that a printed query gives, and whether they may be inserted into those of a table.
import { type DuckDBPreparedStatement, DuckDBTypeId } from '@duckdb/node-api';
import type { Session } from './session.ts';
import type { Statement } from './sql/statements.ts';
import { invalidQuery } from './sql/syntax.ts';
import { type Field, fieldOf } from './types.ts';

/** The columns of a printed query. */
export function describe(prepared: DuckDBPreparedStatement): Field[] {
  try {
    return Array.from({ length: prepared.columnCount }, (_, index) =>
      fieldOf(prepared.columnName(index), prepared.columnType(index)),
    );
  } finally {
    prepared.destroySync();
  }
}

const WIDER: Readonly<Record<string, readonly string[]>> = {
  INTEGER: ['FLOAT', 'NUMERIC'],
  NUMERIC: ['FLOAT'],
};
// A text written out among VALUES may stand for a date.
const WRITTEN: readonly string[] = ['DATE', 'TIMESTAMP', 'DATETIME'];

/** Throws 400 unless the rows have as many columns as they go into, of types that fit. */
export async function checkInserted(
  session: Session,
  statement: Statement & { kind: 'INSERT' },
): Promise<void> {
  const prepared = await session.prepare(statement.source);
  const untyped = Array.from({ length: prepared.columnCount }, (_, index) => isUntyped(prepared, index));
  const given = describe(prepared);
  if (given.length !== statement.into.length)
    throw invalidQuery(
      `Inserted row has wrong column count; Has ${given.length}, expected ${statement.into.length}`,
    );
  for (const [index, field] of statement.into.entries()) {
    const type = given[index]!.type;
    if (type === field.type || untyped[index] || WIDER[type]?.includes(field.type)) continue;
    if (statement.isWritten && type === 'STRING' && WRITTEN.includes(field.type)) continue;
    throw invalidQuery(
      `Query column ${index + 1} has type ${type} which cannot be inserted into column ${field.name}, which has type ${field.type}`,
    );
  }
}

/** DuckDB gives a bare NULL its 32-bit INTEGER, a type that nothing else of ours has. */
const isUntyped = (prepared: DuckDBPreparedStatement, index: number) =>
  prepared.columnTypeId(index) === DuckDBTypeId.INTEGER ||
  prepared.columnTypeId(index) === DuckDBTypeId.SQLNULL;
