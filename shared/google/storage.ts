// Cloud Storage behind the object store's port.
import { IdempotencyStrategy, Storage, type File, type FileMetadata } from '@google-cloud/storage';
import { setMaxListeners } from 'node:events';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout } from 'node:timers/promises';
import { BoundError, messageOf, TransientError } from '../errors.ts';
import {
  ABSENT,
  type Metadata,
  type ObjectInfo,
  type ObjectStore,
  type ObjectVersion,
  type RemoveAnswer,
  type WriteAnswer,
} from '../objects/store.ts';
import { readFirst, readPages, type ReadPage } from '../pages.ts';
import { Download } from './download.ts';
import { endpointsOf, type GoogleConfig } from './endpoints.ts';
import { failure, isNotFound, statusOf } from './failures.ts';
import {
  ContentBroken,
  infoOf,
  isTooOften,
  removeAnswerOf,
  writeAnswerOf,
  writtenOnce,
} from './storage-answers.ts';
import { copyVersion } from './storage-copy.ts';

// The client's transport adds a listener for every pause of a stream, and removes them when the stream ends. Node would
// warn about their number in the log of every download.
const MOST_LISTENERS = 100;
setMaxListeners(MOST_LISTENERS);
// Cloud Storage's own bound.
const LARGEST_PAGE = 1000;

// An object accepts one change a second.
const SHORTEST_PAUSE_MS = 1000;
const MOST_PAUSES = 3;

// The answers for an upload session that no longer exists: another delivery starts a new one.
const UPLOAD_GONE = new Set([404, 410]);

/** Opens one bucket. Errors name the bucket and the object, and keep their cause. */
export function gcsStore(bucketName: string, config: GoogleConfig): ObjectStore {
  const options = { projectId: config.GOOGLE_CLOUD_PROJECT, ...endpointsOf(config).storage };
  const storage = new Storage({
    ...options,
    // Every write here is conditional, so every retry is safe; without this, one unconditional call would
    // turn retries off for the whole client.
    retryOptions: { idempotencyStrategy: IdempotencyStrategy.RetryAlways, maxRetries: 4, totalTimeout: 60 },
  });
  // A client of its own, because the client changes its retries for the whole instance.
  const once = new Storage({
    ...options,
    authClient: storage.authClient,
    retryOptions: { idempotencyStrategy: IdempotencyStrategy.RetryNever, autoRetry: false, maxRetries: 0 },
  });
  return new GcsStore(bucketName, storage, once);
}

class GcsStore implements ObjectStore {
  readonly bucket: string;
  readonly #storage: Storage;
  /** Sends each request once. */
  readonly #once: Storage;

  constructor(bucket: string, storage: Storage, once: Storage) {
    this.bucket = bucket;
    this.#storage = storage;
    this.#once = once;
  }

  #file(name: string, storage = this.#storage): File {
    return storage.bucket(this.bucket).file(name);
  }

  async readText(name: string, maxBytes: number) {
    // The generation comes from the same answer as the bytes, so they belong together.
    const stream = this.#file(name).createReadStream({ decompress: false });
    let generation = '';
    stream.on('response', (response: { headers: Record<string, string> | Headers }) => {
      const { headers } = response;
      generation =
        (headers instanceof Headers ? headers.get('x-goog-generation') : headers['x-goog-generation']) ?? '';
    });
    const chunks: Buffer[] = [];
    let bytes = 0;
    try {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        if (bytes > maxBytes) break;
        chunks.push(chunk);
      }
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw failure(`reading ${this.#url(name)}`, error);
    }
    if (bytes > maxBytes) throw new BoundError(`${this.#url(name)} is larger than ${maxBytes} bytes`);
    return { text: Buffer.concat(chunks).toString('utf8'), generation };
  }

  async readStart(name: string, bytes: number) {
    try {
      const [start] = await this.#file(name).download({ start: 0, end: bytes - 1, validation: false });
      return start;
    } catch (error) {
      // A range of an empty object cannot be satisfied.
      if (statusOf(error) === 416) return Buffer.alloc(0);
      throw failure(`reading the start of ${this.#url(name)}`, error);
    }
  }

  async info(name: string) {
    try {
      const [metadata] = await this.#file(name).getMetadata();
      return infoOf(metadata);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw failure(`reading the metadata of ${this.#url(name)}`, error);
    }
  }

  create(
    name: string,
    content: string | Buffer,
    contentType: string,
    metadata: Metadata = {},
    keptLongerMs = 0,
  ) {
    const written = { ...writtenOnce(contentType, keptLongerMs), metadata };
    return this.#save(this.#file(name), content, written, ABSENT);
  }

  async replace(name: string, generation: string, content: string, contentType: string) {
    // An object that changes must not be cached.
    const metadata = { contentType, cacheControl: 'no-store' };
    for (let pause = 0; ; pause++) {
      try {
        return await this.#save(this.#file(name, this.#once), content, metadata, generation);
      } catch (error) {
        // An object accepts one change a second. A write that is refused for that has not happened.
        if (!isTooOften(error) || pause === MOST_PAUSES) throw error;
        await setTimeout(SHORTEST_PAUSE_MS * (1 + Math.random()));
      }
    }
  }

  async remove(name: string, generation: string): Promise<RemoveAnswer> {
    try {
      await this.#file(name).delete({ ifGenerationMatch: generation });
      return { kind: 'landed' };
    } catch (error) {
      return removeAnswerOf(error, `deleting ${this.#url(name)}`);
    }
  }

  #save(
    file: File,
    content: string | Buffer,
    metadata: FileMetadata,
    ifGenerationMatch: string,
  ): Promise<WriteAnswer> {
    return this.#write(file, ifGenerationMatch === ABSENT, () =>
      file.save(content, { resumable: false, metadata, preconditionOpts: { ifGenerationMatch } }),
    );
  }

  async createFrom(name: string, content: Readable, contentType: string): Promise<WriteAnswer> {
    const file = this.#file(name);
    const upload = file.createWriteStream({
      metadata: writtenOnce(contentType),
      preconditionOpts: { ifGenerationMatch: ABSENT },
    });
    // If the content itself fails, nothing is stored, and the caller receives its error.
    let broken: 'content' | 'upload' | undefined;
    content.once('error', () => (broken ??= 'content'));
    upload.once('error', () => (broken ??= 'upload'));
    return this.#write(file, true, async () => {
      try {
        await pipeline(content, upload);
      } catch (error) {
        throw broken === 'content' ? new ContentBroken(messageOf(error), { cause: error }) : error;
      }
    });
  }

  async #write(file: File, onlyNew: boolean, write: () => Promise<unknown>): Promise<WriteAnswer> {
    const { name } = file;
    try {
      await write();
      return { kind: 'landed', generation: String(file.metadata.generation) };
    } catch (error) {
      if (UPLOAD_GONE.has(statusOf(error) ?? 0))
        throw new TransientError(
          `writing ${this.#url(name)}: the upload ended: ${messageOf(error)}; the next delivery starts another`,
          { cause: error, code: 'SERVICE_UNAVAILABLE' },
        );
      const existing = onlyNew ? () => this.info(name) : undefined;
      return writeAnswerOf(error, `writing ${this.#url(name)}`, existing);
    }
  }

  copyFrom(name: string, source: ObjectVersion, how: { readonly bearsTime: boolean }) {
    return copyVersion(this.#storage, source, { bucket: this.bucket, name }, how);
  }

  async retire(name: string, atMs: number): Promise<void> {
    try {
      const [{ customTime, metageneration }] = await this.#file(name).getMetadata();
      if (customTime !== undefined) return;
      const ifMetagenerationMatch = metageneration ?? '';
      await this.#file(name).setMetadata(
        { customTime: new Date(atMs).toISOString() },
        { ifMetagenerationMatch },
      );
    } catch (error) {
      // Gone, or retired by another call meanwhile.
      if (isNotFound(error) || statusOf(error) === 412) return;
      throw failure(`retiring ${this.#url(name)}`, error);
    }
  }

  async projectNumber(): Promise<string> {
    try {
      const [metadata] = await this.#storage.bucket(this.bucket).getMetadata();
      return String(metadata.projectNumber);
    } catch (error) {
      throw failure(`reading the metadata of gs://${this.bucket}`, error);
    }
  }

  read(name: string, generation?: string, checked: 'here' | 'by the reader' = 'here'): Readable {
    const version = generation === undefined ? {} : { generation };
    const validation = checked === 'here' ? {} : { validation: false };
    return new Download(this.#storage.bucket(this.bucket).file(name, version).createReadStream(validation));
  }

  list(prefix: string, limit: number, startAt?: string, endBefore?: string) {
    const what = `objects under ${this.#url(prefix)}`;
    return readPages({ limit, what }, this.#pages(prefix, startAt, endBefore));
  }

  first(prefix: string, most: number, startAt?: string, endBefore?: string) {
    const what = `objects under ${this.#url(prefix)}`;
    return readFirst(most, what, this.#pages(prefix, startAt, endBefore));
  }

  #pages(prefix: string, startAt?: string, endBefore?: string): ReadPage<ObjectInfo> {
    const bucket = this.#storage.bucket(this.bucket);
    const range = {
      prefix,
      ...(startAt === undefined ? {} : { startOffset: startAt }),
      ...(endBefore === undefined ? {} : { endOffset: endBefore }),
    };
    return async (pageToken, most) => {
      try {
        // With `maxResults` the client returns one page, whatever `autoPaginate` is.
        const [files, next] = await bucket.getFiles({
          ...range,
          autoPaginate: false,
          maxResults: Math.min(most, LARGEST_PAGE),
          ...(pageToken === undefined ? {} : { pageToken }),
        });
        return { items: files.map((file) => infoOf(file.metadata)), nextPageToken: tokenIn(next) };
      } catch (error) {
        throw failure(`listing ${this.#url(prefix)}`, error);
      }
    };
  }

  #url(name: string): string {
    return `gs://${this.bucket}/${name}`;
  }
}

/** The client returns the query for the next page, or null after the last; its type omits both. */
const tokenIn = (next: { readonly pageToken?: string } | null): string | undefined => next?.pageToken;
