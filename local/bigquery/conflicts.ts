// Which transactions get in each other's way: those that change rows of one table, whole tables and not rows.
import { JobFailure } from './failures.ts';
import type { TableName } from './sql/scope.ts';

/** What changed the table meanwhile: another transaction, or a job that committed by itself. */
export type Conflict = 'transaction' | 'statement';

type Table = Pick<TableName, 'datasetId' | 'tableId'>;

interface Change {
  readonly commit: number;
  readonly by: Conflict;
}

const keyOf = ({ datasetId, tableId }: Table): string => `${datasetId}.${tableId}`;

/** The last commit that updated, deleted, merged, truncated or replaced rows of each table. Inserts are no change. */
export class Conflicts {
  #commits = 0;
  readonly #changes = new Map<string, Change>();

  /** The present, to ask later what has changed since. */
  now(): number {
    return this.#commits;
  }

  since(commit: number, table: Table): Conflict | undefined {
    const change = this.#changes.get(keyOf(table));
    return change !== undefined && change.commit > commit ? change.by : undefined;
  }

  committed(tables: readonly Table[], by: Conflict): void {
    if (tables.length === 0) return;
    this.#commits++;
    for (const table of tables) this.#changes.set(keyOf(table), { commit: this.#commits, by });
  }
}

/** How the script of the transaction that lost ends, in BigQuery's words. */
export function aborted(
  conflict: Conflict,
  { projectId, datasetId, tableId }: TableName,
  transaction: string,
) {
  const table = `${projectId}:${datasetId}.${tableId}`;
  const message =
    conflict === 'transaction'
      ? `Transaction is aborted due to concurrent update against table ${table}. Transaction ID: ${transaction}`
      : `Could not serialize access to table ${table} due to concurrent update`;
  return new JobFailure({ reason: 'invalidQuery', message, location: 'query' });
}
