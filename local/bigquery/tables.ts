// Makes and removes tables: the DuckDB table and its entry in the catalog, in one transaction.
import { ApiError } from '../http/errors.ts';
import { type Table } from './catalog.ts';
import { schemaOf } from './sql/queries.ts';
import type { Session } from './store.ts';
import { type Field, keptType, quoted } from './types.ts';

const NAME = /^[\p{L}\p{M}\p{N}_ -]{1,1024}$/u;

export interface NewTable extends Partial<Omit<Table, 'createdMs' | 'modifiedMs'>> {
  readonly datasetId: string;
  readonly tableId: string;
  readonly fields: readonly Field[];
}

/** Makes a table, in the place of one of its name if there is one. Throws 400 for a name BigQuery refuses. */
export async function createTable(session: Session, table: NewTable, nowMs: number): Promise<Table> {
  if (!NAME.test(table.tableId)) throw new ApiError(400, 'invalid', `Invalid table ID "${table.tableId}".`);
  const dataset = session.catalog.dataset(table.datasetId);
  const life = dataset?.defaultTableExpirationMs;
  const previous = session.catalog.table(table.datasetId, table.tableId, nowMs);
  const expirationMs =
    table.expirationMs ?? previous?.expirationMs ?? (life === undefined ? undefined : nowMs + life);
  // A view holds nothing to encrypt.
  const kmsKeyName =
    table.viewQuery === undefined
      ? (table.kmsKeyName ?? previous?.kmsKeyName ?? dataset?.kmsKeyName)
      : undefined;
  const made: Table = {
    ...previous,
    ...table,
    ...(kmsKeyName === undefined ? {} : { kmsKeyName }),
    createdMs: previous?.createdMs ?? nowMs,
    modifiedMs: nowMs,
    ...(expirationMs === undefined ? {} : { expirationMs }),
  };
  session.catalog.putTable(made);
  if (made.viewQuery === undefined) {
    const columns = made.fields.map(
      (field) => `${quoted(field.name)} ${keptType(field)}${field.mode === 'REQUIRED' ? ' NOT NULL' : ''}`,
    );
    // DuckDB knows no table without columns; BigQuery does.
    await session.run(
      `CREATE OR REPLACE TABLE ${duckdbName(made)} (${columns.join(', ') || 'nothing BOOLEAN'})`,
    );
  }
  return made;
}

export async function dropTable(session: Session, table: Table): Promise<void> {
  if (table.viewQuery === undefined) await session.run(`DROP TABLE IF EXISTS ${duckdbName(table)}`);
  session.change(table);
  session.catalog.removeTable(table);
}

export const duckdbName = ({ datasetId, tableId }: { datasetId: string; tableId: string }): string =>
  `${quoted(schemaOf(datasetId))}.${quoted(tableId)}`;
