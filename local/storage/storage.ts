// Cloud Storage: its buckets, objects and uploads over one state and one folder of blobs. No HTTP in it.
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { invalid } from '../http/errors.ts';
import type { UseKey } from '../iam/keys.ts';
import type { NewId } from '../ids.ts';
import type { State } from '../state/state.ts';
import type { Attributes } from './attributes.ts';
import { Blobs } from './blobs.ts';
import { Buckets, type ProjectNumberOf } from './buckets.ts';
import { checkLifecycle } from './lifecycle.ts';
import { Notifications } from './notifications.ts';
import { Objects, type NewObject, type ObjectId, type OnFinalized } from './objects.ts';
import type { BucketPolicy } from './policies.ts';
import { requireConditions, type Preconditions } from './preconditions.ts';
import { objectResource, type ObjectResource, type ObjectRow } from './resources.ts';
import { Rewrites } from './rewrites.ts';
import { createTables } from './schema.ts';
import { Uploads } from './uploads.ts';

export type { BucketResource, ObjectResource } from './resources.ts';

/** One object that a copy or a composition reads. */
export interface SourceObject extends ObjectId {
  readonly conditions: Preconditions;
}

const MOST_COMPOSED = 32;

export class Storage {
  readonly buckets: Buckets;
  readonly objects: Objects;
  readonly uploads: Uploads;
  readonly rewrites: Rewrites;
  readonly blobs: Blobs;
  readonly notifications: Notifications;
  readonly #state: State;

  /**
   * Opens what `state` and `folder` hold. `onFinalized` is called inside the transaction that commits an
   * object, so that the event it makes is committed with the object or not at all. Without `useKey` every key
   * may be used, without `projectNumberOf` there is one project.
   */
  constructor(options: {
    state: State;
    folder: string;
    clock: Clock;
    newId: NewId;
    onFinalized: OnFinalized;
    useKey?: UseKey;
    projectNumberOf?: ProjectNumberOf;
  }) {
    const { state, clock, newId, onFinalized, useKey, projectNumberOf } = options;
    createTables(state);
    this.#state = state;
    this.blobs = new Blobs({ folder: join(options.folder, 'blobs'), clock, newId });
    this.buckets = new Buckets(state, clock, useKey, projectNumberOf);
    this.notifications = new Notifications(state);
    this.objects = new Objects({ state, blobs: this.blobs, buckets: this.buckets, clock, onFinalized });
    this.uploads = new Uploads({ state, blobs: this.blobs, objects: this.objects, clock, newId });
    this.rewrites = new Rewrites({ state, clock, newId });
    this.blobs.collectOrphans((blob) => this.objects.isReferred(blob));
  }

  /** Makes the bucket if it is missing, and sets its policy; leaves the rest as it is otherwise. */
  ensureBucket(bucket: { name: string; projectId: string; location?: string }, policy?: BucketPolicy): void {
    if (!this.buckets.has(bucket.name)) this.buckets.insert(bucket);
    if (policy === undefined) return;
    checkLifecycle(policy.lifecycle ?? []);
    this.buckets.policies.set(bucket.name, policy);
  }

  /**
   * For the other local services: the live object and the file that holds its bytes as they are stored
   * (`contentEncoding` tells if they are compressed). The file stays for minutes after the object is replaced. Throws
   * 403 when they cannot be decrypted.
   */
  find(bucket: string, name: string): { resource: ObjectResource; path: string } | undefined {
    const row = this.objects.find({ bucket, name });
    if (row !== undefined) this.buckets.policies.requireKey(bucket, 'decrypt');
    return row && { resource: objectResource(row), path: this.blobs.path(row.blob) };
  }

  /** Uploads in one go: the bytes are durable before the object is. */
  async insert(
    object: Omit<NewObject, 'content'>,
    bytes: AsyncIterable<Uint8Array>,
    check: (content: NewObject['content']) => void,
  ): Promise<ObjectResource> {
    const content = await this.blobs.receive(bytes);
    try {
      check(content);
    } catch (error) {
      this.objects.discardIfUnused(content.blob);
      throw error;
    }
    return this.objects.commit({ ...object, content });
  }

  /** Copies without touching the bytes: both objects refer to the same blob. Absent `attributes` are copied. */
  copy(
    source: SourceObject,
    destination: Omit<NewObject, 'content' | 'attributes'> & { readonly attributes?: Attributes },
  ): ObjectResource {
    return this.#state.transaction(() => {
      const row = this.#readable(source);
      const content = {
        blob: row.blob,
        size: row.size,
        crc32c: row.crc32c,
        ...(row.md5 !== null && { md5Hash: row.md5 }),
        ...(row.components !== null && { componentCount: row.components }),
      };
      const attributes = destination.attributes ?? (JSON.parse(row.attributes) as Attributes);
      return this.objects.commit({ ...destination, attributes, content });
    });
  }

  /** The object that a copy would read, once all that its call asks for holds; throws as `copy` does. */
  readable(source: SourceObject, destination: Pick<NewObject, 'bucket' | 'name' | 'conditions'>): ObjectRow {
    const row = this.#readable(source);
    this.buckets.require(destination.bucket);
    requireConditions(destination.conditions, this.objects.find(destination));
    return row;
  }

  /** Joins 1 to 32 objects of one bucket, in order, into a new one. */
  async compose(
    sources: readonly SourceObject[],
    destination: Omit<NewObject, 'content'>,
  ): Promise<ObjectResource> {
    if (sources.length === 0 || sources.length > MOST_COMPOSED) {
      throw invalid(
        `The number of source components ${sources.length} is not between 1 and ${MOST_COMPOSED}.`,
      );
    }
    const rows = sources.map((source) => this.#readable(source));
    const paths = rows.map((row) => this.blobs.path(row.blob));
    const { blob, size, crc32c } = await this.blobs.receive(joined(paths));
    const componentCount = rows.reduce((count, row) => count + (row.components ?? 1), 0);
    return this.objects.commit({ ...destination, content: { blob, size, crc32c, componentCount } });
  }

  #readable(source: SourceObject): ObjectRow {
    const row = this.objects.require(source);
    requireConditions(source.conditions, row);
    this.buckets.policies.requireKey(source.bucket, 'decrypt');
    return row;
  }
}

async function* joined(paths: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const path of paths) yield* createReadStream(path) as AsyncIterable<Uint8Array>;
}
