// What datasets, tables and views there are: plain data, copied for a transaction and swapped in by its commit.
import { ApiError, notFound } from '../http/errors.ts';
import type { TableName } from './sql/scope.ts';
import type { Field } from './types.ts';

/** Times are milliseconds since the epoch, UTC. */
export interface Dataset {
  readonly datasetId: string;
  readonly location: string;
  readonly createdMs: number;
  readonly modifiedMs: number;
  readonly defaultTableExpirationMs?: number;
  /** Handed on to new tables. */
  readonly kmsKeyName?: string;
  /** Kept and shown; no time is travelled here. */
  readonly maxTimeTravelHours?: string;
  readonly description?: string;
  readonly friendlyName?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface Table {
  readonly datasetId: string;
  readonly tableId: string;
  readonly fields: readonly Field[];
  readonly createdMs: number;
  readonly modifiedMs: number;
  readonly expirationMs?: number;
  /** Rows are read and written while BigQuery's agent may use this key. */
  readonly kmsKeyName?: string;
  /** GoogleSQL; only a view has it. */
  readonly viewQuery?: string;
  readonly description?: string;
  readonly friendlyName?: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** Kept and shown; it changes nothing locally but the shape of `tables.get`. */
  readonly timePartitioning?: object;
  readonly clustering?: object;
}

export interface Change {
  readonly datasetId: string;
  readonly tableId?: string;
  /** Undefined when it was removed. */
  readonly body: Dataset | Table | undefined;
}

const key = (datasetId: string, tableId: string) => `${datasetId}.${tableId}`;

export class Catalog {
  #datasets: Map<string, Dataset>;
  #tables: Map<string, Table>;
  #changed = new Map<string, { datasetId: string; tableId?: string }>();

  constructor(datasets: readonly Dataset[], tables: readonly Table[]) {
    this.#datasets = new Map(datasets.map((each) => [each.datasetId, each]));
    this.#tables = new Map(tables.map((each) => [key(each.datasetId, each.tableId), each]));
  }

  /** A copy that remembers no changes. */
  copy(): Catalog {
    return new Catalog([...this.#datasets.values()], [...this.#tables.values()]);
  }

  /** A copy in which the tables that a transaction wrote to bear its time, as far as they are still there. */
  touched(changes: readonly Change[]): Catalog {
    const copy = this.copy();
    for (const { datasetId, tableId, body } of changes) {
      const table = tableId === undefined ? undefined : copy.#tables.get(key(datasetId, tableId));
      if (table !== undefined && body !== undefined) copy.putTable({ ...table, modifiedMs: body.modifiedMs });
    }
    return copy;
  }

  datasets(): Dataset[] {
    return [...this.#datasets.values()].sort((one, other) => (one.datasetId < other.datasetId ? -1 : 1));
  }

  dataset(datasetId: string): Dataset | undefined {
    return this.#datasets.get(datasetId);
  }

  /** The tables of a dataset that have not expired, by name. */
  tables(datasetId: string, nowMs: number): Table[] {
    return [...this.#tables.values()]
      .filter((table) => table.datasetId === datasetId && !isExpired(table, nowMs))
      .sort((one, other) => (one.tableId < other.tableId ? -1 : 1));
  }

  table(datasetId: string, tableId: string, nowMs: number): Table | undefined {
    const found = this.#tables.get(key(datasetId, tableId));
    return found && !isExpired(found, nowMs) ? found : undefined;
  }

  expired(nowMs: number): Table[] {
    return [...this.#tables.values()].filter((table) => isExpired(table, nowMs));
  }

  putDataset(dataset: Dataset): void {
    const twin = this.datasets().find((each) => differsInCase(each.datasetId, dataset.datasetId));
    if (twin) throw differsOnlyInCase(dataset.datasetId, twin.datasetId);
    this.#datasets.set(dataset.datasetId, dataset);
    this.#changed.set(dataset.datasetId, { datasetId: dataset.datasetId });
  }

  removeDataset(datasetId: string): void {
    this.#datasets.delete(datasetId);
    this.#changed.set(datasetId, { datasetId });
  }

  putTable(table: Table): void {
    const twin = this.tables(table.datasetId, 0).find((each) => differsInCase(each.tableId, table.tableId));
    if (twin) throw differsOnlyInCase(table.tableId, twin.tableId);
    this.#tables.set(key(table.datasetId, table.tableId), table);
    this.#note(table);
  }

  removeTable({ datasetId, tableId }: { datasetId: string; tableId: string }): void {
    this.#tables.delete(key(datasetId, tableId));
    this.#note({ datasetId, tableId });
  }

  /** What was put or removed since the copy was made. */
  changes(): Change[] {
    return [...this.#changed.values()].map(({ datasetId, tableId }) => ({
      datasetId,
      ...(tableId === undefined ? {} : { tableId }),
      body: tableId === undefined ? this.#datasets.get(datasetId) : this.#tables.get(key(datasetId, tableId)),
    }));
  }

  #note({ datasetId, tableId }: { datasetId: string; tableId: string }): void {
    this.#changed.set(key(datasetId, tableId), { datasetId, tableId });
  }
}

const isExpired = (table: Table, nowMs: number) =>
  table.expirationMs !== undefined && table.expirationMs <= nowMs;

const differsInCase = (one: string, other: string) =>
  one !== other && one.toLowerCase() === other.toLowerCase();

// BigQuery tells such names apart; DuckDB does not.
const differsOnlyInCase = (one: string, other: string) =>
  new ApiError(501, 'notImplemented', `the local BigQuery cannot hold both ${one} and ${other}`);

export const datasetNotFound = (projectId: string, datasetId: string) =>
  notFound(`Not found: Dataset ${projectId}:${datasetId}`);

export const tableNotFound = ({ projectId, datasetId, tableId }: TableName, location?: string) =>
  notFound(
    `Not found: Table ${projectId}:${datasetId}.${tableId}${location === undefined ? '' : ` was not found in location ${location}`}`,
  );
