// A warehouse that keeps what the laws speak of: staged text, one published text, and the ledger.
import type { ObjectStore } from '../../shared/objects/store.ts';
import type { TableRef } from '../../shared/pipelines/pipeline.ts';
import type { LoadAnswer, Row, ScriptAnswer, Warehouse } from '../../shared/warehouse/warehouse.ts';

export interface LedgerEntry {
  readonly publication: string;
  readonly run: string;
  readonly sequence: number;
}

/**
 * Job ids are used once, and a script either happens whole or not at all. The publication script itself is
 * tried against the local BigQuery; here only its parameters count.
 */
export class LedgerWarehouse implements Warehouse {
  readonly ledger: LedgerEntry[] = [];
  published = '';
  readonly #results: ObjectStore;
  readonly #staged = new Map<string, string>();
  readonly #jobs = new Map<string, LoadAnswer | ScriptAnswer>();

  constructor(results: ObjectStore) {
    this.#results = results;
  }

  async load({ id, uri, table }: { id: string; uri: string; table: TableRef }): Promise<LoadAnswer> {
    const known = this.#jobs.get(id) as LoadAnswer | undefined;
    if (known !== undefined) return known;
    const name = uri.slice(`gs://${this.#results.bucket}/`.length);
    const text = (await this.#results.readText(name, 10_000))?.text ?? '';
    this.#staged.set(table.table, text.split('\n')[1] ?? '');
    return this.#done(id, { kind: 'loaded', rows: 1 });
  }

  async query(): Promise<readonly Row[]> {
    return [];
  }

  async script({
    id,
    parameters,
  }: {
    id: string;
    parameters: Readonly<Record<string, unknown>>;
  }): Promise<ScriptAnswer> {
    const known = this.#jobs.get(id) as ScriptAnswer | undefined;
    if (known !== undefined) return known;
    const publication = String(parameters.publication_id);
    const sequence = Number(parameters.sequence);
    if (this.ledger.some((entry) => entry.publication === publication)) {
      return this.#done(id, { kind: 'refused', reason: 'this publication is in the ledger already' });
    }
    if (this.ledger.some((entry) => entry.sequence > sequence)) {
      return this.#done(id, { kind: 'refused', reason: 'a newer run has been published' });
    }
    const staged = this.#staged.get(`${publication.replaceAll('-', '_')}_predictions_carmila`);
    if (staged === undefined) throw new Error(`the staging table of ${publication} was not found`);
    this.ledger.push({ publication, run: String(parameters.run), sequence });
    this.published = staged;
    return this.#done(id, { kind: 'done' });
  }

  async drop({ table }: TableRef): Promise<void> {
    this.#staged.delete(table);
  }

  quoted({ dataset, table }: TableRef): string {
    return `\`${dataset}.${table}\``;
  }

  #done<T extends LoadAnswer | ScriptAnswer>(id: string, answer: T): T {
    this.#jobs.set(id, answer);
    return answer;
  }
}
