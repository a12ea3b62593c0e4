// Objects: the noun. Every write is decided and committed in one transaction, with the event it causes.
import type { Clock } from '../clock.ts';
import { notFound } from '../http/errors.ts';
import type { State } from '../state/state.ts';
import { applyPatch, type Attributes, type AttributesPatch } from './attributes.ts';
import type { Blobs, StoredBlob } from './blobs.ts';
import type { Buckets } from './buckets.ts';
import { isDue } from './lifecycle.ts';
import { listObjects, type Listing, type ListQuery } from './listing.ts';
import { checkObjectName } from './names.ts';
import { requireConditions, type Preconditions } from './preconditions.ts';
import { objectResource, type ObjectResource, type ObjectRow } from './resources.ts';

export interface ObjectId {
  readonly bucket: string;
  readonly name: string;
  /** Absent: the live generation, whichever it is. */
  readonly generation?: number;
}

export interface NewObject {
  readonly bucket: string;
  readonly name: string;
  readonly attributes: Attributes;
  readonly content: StoredBlob & { readonly componentCount?: number };
  readonly conditions: Preconditions;
  /** Asked inside the transaction when a live object would be replaced; throws 403 to refuse. */
  readonly mayOverwrite: MayOverwrite;
}

export type MayOverwrite = (object: { readonly bucket: string; readonly name: string }) => void;

/** Called inside the transaction that commits an object; `overwrote` is the generation that it replaced. */
export type OnFinalized = (object: ObjectResource, overwrote: string | undefined) => void;

export class Objects {
  readonly #state: State;
  readonly #blobs: Blobs;
  readonly #buckets: Buckets;
  readonly #clock: Clock;
  readonly #onFinalized: OnFinalized;

  constructor(options: {
    state: State;
    blobs: Blobs;
    buckets: Buckets;
    clock: Clock;
    onFinalized: OnFinalized;
  }) {
    this.#state = options.state;
    this.#blobs = options.blobs;
    this.#buckets = options.buckets;
    this.#clock = options.clock;
    this.#onFinalized = options.onFinalized;
  }

  /**
   * Makes `content` (already durable) the live generation. Throws 404 without the bucket, 412 when a
   * condition does not hold at this moment, 403 when it cannot be encrypted. `also` commits with it.
   */
  commit(object: NewObject, also: (resource: ObjectResource) => void = () => {}): ObjectResource {
    checkObjectName(object.name);
    let replaced: ObjectRow | undefined;
    try {
      return this.#state.transaction(() => {
        this.#buckets.require(object.bucket);
        this.#buckets.policies.requireKey(object.bucket, 'encrypt');
        replaced = this.#row(object);
        requireConditions(object.conditions, replaced);
        if (replaced !== undefined) {
          object.mayOverwrite(object);
          this.#setAside(replaced);
        }
        const resource = this.#put(object);
        also(resource);
        this.#onFinalized(resource, replaced && String(replaced.generation));
        return resource;
      });
    } finally {
      this.discardIfUnused(object.content.blob);
      if (replaced !== undefined) this.discardIfUnused(replaced.blob);
    }
  }

  /** The live object, of any generation. */
  find(object: ObjectId): ObjectRow | undefined {
    return this.#row(object);
  }

  /** Throws 404 when there is no such object, or no such generation of it. */
  require(object: ObjectId): ObjectRow {
    this.#buckets.require(object.bucket);
    const live = this.#row(object);
    const isAsked = object.generation === undefined || object.generation === live?.generation;
    const row = isAsked ? live : this.#noncurrent(object);
    if (row === undefined) {
      throw notFound(`No such object: ${object.bucket}/${object.name}`);
    }
    return row;
  }

  patch(object: ObjectId, patch: AttributesPatch, conditions: Preconditions): ObjectResource {
    return this.#state.transaction(() => {
      const row = this.require(object);
      requireConditions(conditions, row);
      const attributes = applyPatch(JSON.parse(row.attributes) as Attributes, patch);
      this.#state.sql
        .prepare(
          `UPDATE ${tableOf(row)} SET attributes = ?, metageneration = metageneration + 1, updated_ms = ?
           WHERE bucket = ? AND name = ? AND generation = ?`,
        )
        .run(JSON.stringify(attributes), this.#clock.now(), row.bucket, row.name, row.generation);
      return objectResource(this.require(object));
    });
  }

  /** Deleting a named generation is permanent, even with versioning. */
  delete(object: ObjectId, conditions: Preconditions): void {
    const row = this.#state.transaction(() => {
      const found = this.require(object);
      requireConditions(conditions, found);
      this.#remove(found, object.generation !== undefined);
      return found;
    });
    this.discardIfUnused(row.blob);
  }

  /** Deletes what the buckets' lifecycle rules say, as Google does about once a day; gives how many versions went. */
  applyLifecycle(): number {
    const nowMs = this.#clock.now();
    const due = this.#state.transaction(() => {
      const rows = this.#everyVersion().filter((row) => this.#isDue(row, nowMs));
      for (const row of rows) this.#remove(row, row.noncurrent_ms !== undefined);
      return rows;
    });
    for (const { blob } of due) this.discardIfUnused(blob);
    return due.length;
  }

  list(query: ListQuery): Listing {
    this.#buckets.require(query.bucket);
    return listObjects(this.#state, query);
  }

  /** Copies share their source's blob, and an unfinished upload owns one: only the last user's leaving frees it. */
  discardIfUnused(blob: string): void {
    if (!this.isReferred(blob)) this.#blobs.discard(blob, (each) => this.isReferred(each));
  }

  isReferred(blob: string): boolean {
    const found = this.#state.sql
      .prepare(
        `SELECT 1 FROM storage_objects WHERE blob = ?
         UNION ALL SELECT 1 FROM storage_noncurrent WHERE blob = ?
         UNION ALL SELECT 1 FROM storage_uploads WHERE id = ? AND object IS NULL LIMIT 1`,
      )
      .get(blob, blob, blob);
    return found !== undefined;
  }

  /** Takes one version out of the bucket. Throws 403 when it is retained. */
  #remove(row: ObjectRow, forGood: boolean): void {
    if (forGood) this.#buckets.policies.requireRetentionMet(row, this.#clock.now());
    else this.#setAside(row);
    this.#state.sql
      .prepare(`DELETE FROM ${tableOf(row)} WHERE bucket = ? AND name = ? AND generation = ?`)
      .run(row.bucket, row.name, row.generation);
  }

  /** What is about to be replaced or deleted stays as a noncurrent version, where there are versions. */
  #setAside(row: ObjectRow): void {
    const { policies } = this.#buckets;
    policies.requireRetentionMet(row, this.#clock.now());
    if (policies.of(row.bucket).versioning !== true) return;
    this.#state.sql
      .prepare(
        `INSERT INTO storage_noncurrent SELECT *, ? FROM storage_objects WHERE bucket = ? AND name = ?`,
      )
      .run(this.#clock.now(), row.bucket, row.name);
  }

  #isDue(row: ObjectRow, nowMs: number): boolean {
    const { policies } = this.#buckets;
    const { lifecycle = [] } = policies.of(row.bucket);
    const { name, created_ms: createdMs, noncurrent_ms: noncurrentMs } = row;
    const attributes = JSON.parse(row.attributes) as Attributes;
    const isRetained = policies.retainedUntilMs(row, nowMs) !== undefined;
    return !isRetained && isDue(lifecycle, { name, createdMs, noncurrentMs, attributes }, nowMs);
  }

  #everyVersion(): ObjectRow[] {
    const rows = ['storage_objects', 'storage_noncurrent'].flatMap((table) =>
      this.#state.sql
        .prepare(`SELECT * FROM ${table} WHERE bucket IN (SELECT bucket FROM storage_policies)`)
        .all(),
    );
    return rows as unknown as ObjectRow[];
  }

  #put({ bucket, name, attributes, content }: NewObject): ObjectResource {
    const nowMs = this.#clock.now();
    const row: ObjectRow = {
      bucket,
      name,
      generation: this.#nextGeneration(nowMs),
      metageneration: 1,
      blob: content.blob,
      size: content.size,
      md5: content.md5Hash ?? null,
      crc32c: content.crc32c,
      components: content.componentCount ?? null,
      attributes: JSON.stringify(attributes),
      created_ms: nowMs,
      updated_ms: nowMs,
    };
    this.#state.sql
      .prepare('INSERT OR REPLACE INTO storage_objects VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
      .run(...Object.values(row));
    return objectResource(row);
  }

  /** Looks like the real one's (microseconds of now); the last one is kept, so that no clock can repeat one. */
  #nextGeneration(nowMs: number): number {
    const row = this.#state.sql
      .prepare('UPDATE storage_generation SET last = max(last + 1, ?) RETURNING last')
      .get(nowMs * 1000);
    return (row as { last: number }).last;
  }

  #row(object: ObjectId): ObjectRow | undefined {
    const row = this.#state.sql
      .prepare('SELECT * FROM storage_objects WHERE bucket = ? AND name = ?')
      .get(object.bucket, object.name);
    return row as unknown as ObjectRow | undefined;
  }

  #noncurrent({ bucket, name, generation = 0 }: ObjectId): ObjectRow | undefined {
    const row = this.#state.sql
      .prepare('SELECT * FROM storage_noncurrent WHERE bucket = ? AND name = ? AND generation = ?')
      .get(bucket, name, generation);
    return row as unknown as ObjectRow | undefined;
  }
}

const tableOf = ({ noncurrent_ms: noncurrentMs }: ObjectRow): string =>
  noncurrentMs === undefined ? 'storage_objects' : 'storage_noncurrent';
