// A bucket in memory, for tests and simulations: it answers like Cloud Storage, without a network.
import { crc32c } from '@node-rs/crc32';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { BoundError, PermanentError } from '../errors.ts';
import {
  ABSENT,
  type CopyAnswer,
  type Metadata,
  type ObjectInfo,
  type ObjectStore,
  type ObjectVersion,
  type RemoveAnswer,
  type StoredText,
  type WriteAnswer,
} from './store.ts';
import { readFirst, readPages, type ReadPage } from '../pages.ts';

// The page size of Cloud Storage.
const LARGEST_PAGE = 1000;

interface StoredObject {
  readonly content: Buffer;
  readonly generation: string;
  readonly contentType: string;
  readonly createdAtMs: number;
  readonly metadata: Metadata;
  /** From when its days are counted. */
  customTimeMs: number | undefined;
}

/** The other stores of a test, from which objects are copied. */
export type Neighbours = (bucket: string) => MemoryStore | undefined;

export class MemoryStore implements ObjectStore {
  readonly bucket: string;
  readonly #objects = new Map<string, StoredObject>();
  /** In the order in which they are listed. */
  readonly #names: string[] = [];
  readonly #neighbours: Neighbours;
  #writes = 0;

  constructor(bucket: string, neighbours: Neighbours = () => undefined) {
    this.bucket = bucket;
    this.#neighbours = neighbours;
  }

  async readText(name: string, maxBytes: number): Promise<StoredText | undefined> {
    const stored = this.#objects.get(name);
    if (stored === undefined) return undefined;
    if (stored.content.length > maxBytes) {
      throw new BoundError(`${this.#url(name)} is larger than ${maxBytes} bytes`);
    }
    return { text: stored.content.toString('utf8'), generation: stored.generation };
  }

  async readStart(name: string, bytes: number): Promise<Buffer> {
    return Buffer.from(this.#expect(name).content.subarray(0, bytes));
  }

  async info(name: string): Promise<ObjectInfo | undefined> {
    const stored = this.#objects.get(name);
    return stored && infoOf(name, stored);
  }

  async create(
    name: string,
    content: string | Buffer,
    contentType: string,
    metadata: Metadata = {},
    keptLongerMs = 0,
  ): Promise<WriteAnswer> {
    if (this.#objects.has(name)) return { kind: 'conflict' };
    return this.#write(name, Buffer.from(content), contentType, Date.now() + keptLongerMs, metadata);
  }

  async replace(
    name: string,
    generation: string,
    content: string,
    contentType: string,
  ): Promise<WriteAnswer> {
    if ((this.#objects.get(name)?.generation ?? ABSENT) !== generation) return { kind: 'conflict' };
    return this.#write(name, Buffer.from(content), contentType, undefined);
  }

  async remove(name: string, generation: string): Promise<RemoveAnswer> {
    const stored = this.#objects.get(name);
    if (stored !== undefined && stored.generation !== generation) return { kind: 'conflict' };
    if (this.#objects.delete(name)) this.#names.splice(placeOf(name, this.#names), 1);
    return { kind: 'landed' };
  }

  async createFrom(name: string, content: Readable, contentType: string): Promise<WriteAnswer> {
    const chunks: Buffer[] = [];
    for await (const chunk of content as AsyncIterable<Buffer | string>) chunks.push(Buffer.from(chunk));
    return this.create(name, Buffer.concat(chunks), contentType);
  }

  async copyFrom(
    name: string,
    source: ObjectVersion,
    { bearsTime }: { readonly bearsTime: boolean },
  ): Promise<CopyAnswer> {
    const from = source.bucket === this.bucket ? this : this.#neighbours(source.bucket);
    const stored = from?.stored(source.name);
    if (stored?.generation !== source.generation) return { kind: 'gone' };
    if (this.#objects.has(name)) return { kind: 'conflict' };
    return this.#write(name, stored.content, stored.contentType, bearsTime ? Date.now() : undefined);
  }

  async retire(name: string, atMs: number): Promise<void> {
    const stored = this.#objects.get(name);
    if (stored !== undefined) stored.customTimeMs ??= atMs;
  }

  async projectNumber(): Promise<string> {
    return '1';
  }

  stored(name: string): Readonly<StoredObject> | undefined {
    return this.#objects.get(name);
  }

  read(name: string, generation?: string): Readable {
    const stored = this.#objects.get(name);
    if (stored !== undefined && stored.generation === (generation ?? stored.generation))
      return Readable.from([Buffer.from(stored.content)]);
    return new Readable({
      read: (): void => undefined,
      construct: (done) => done(this.#missing(name)),
    });
  }

  list(prefix: string, limit: number, startAt?: string, endBefore?: string): Promise<readonly ObjectInfo[]> {
    const what = `objects under ${this.#url(prefix)}`;
    return readPages({ limit, what }, this.#pages(prefix, startAt, endBefore));
  }

  first(prefix: string, most: number, startAt?: string, endBefore?: string): Promise<readonly ObjectInfo[]> {
    const what = `objects under ${this.#url(prefix)}`;
    return readFirst(most, what, this.#pages(prefix, startAt, endBefore));
  }

  #pages(prefix: string, startAt = '', endBefore?: string): ReadPage<ObjectInfo> {
    const all = this.#names;
    const first = Math.max(placeOf(prefix, all), placeOf(startAt, all));
    const most = endBefore === undefined ? all.length : placeOf(endBefore, all);
    let end = first;
    while (end < most && all[end]!.startsWith(prefix)) end++;
    const names = all.slice(first, end);
    return async (pageToken, most) => {
      const from = Number(pageToken ?? 0);
      const to = from + Math.min(most, LARGEST_PAGE);
      const items = names.slice(from, to).flatMap((name) => {
        const stored = this.#objects.get(name);
        return stored === undefined ? [] : [infoOf(name, stored)];
      });
      return { items, nextPageToken: to < names.length ? String(to) : undefined };
    };
  }

  #write(
    name: string,
    content: Buffer,
    contentType: string,
    customTimeMs: number | undefined,
    metadata: Metadata = {},
  ): WriteAnswer {
    // Like real generations, these have no useful order: no code may rely on one.
    this.#writes += 1;
    const generation = String((this.#writes * 7_919) % 1_000_003);
    const createdAtMs = Date.now();
    if (!this.#objects.has(name)) this.#names.splice(placeOf(name, this.#names), 0, name);
    this.#objects.set(name, {
      content: Buffer.from(content),
      generation,
      contentType,
      createdAtMs,
      metadata,
      customTimeMs,
    });
    return { kind: 'landed', generation };
  }

  #expect(name: string): StoredObject {
    const stored = this.#objects.get(name);
    if (stored === undefined) throw this.#missing(name);
    return stored;
  }

  #missing(name: string): PermanentError {
    return new PermanentError(`${this.#url(name)} does not exist`);
  }

  #url(name: string): string {
    return `gs://${this.bucket}/${name}`;
  }
}

/** Where a name stands among sorted ones, or would. */
function placeOf(name: string, names: readonly string[]): number {
  let [low, high] = [0, names.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareBytes(names[middle]!, name) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Cloud Storage sorts names by their UTF-8 bytes, which is the order of code points and not JavaScript's. */
const compareBytes = (one: string, other: string): number =>
  Buffer.compare(Buffer.from(one), Buffer.from(other));

type Sums = Pick<ObjectInfo, 'md5' | 'crc32c'>;

/** Of what is stored, which never changes: lists ask for the sums of each object again and again. */
const sums = new WeakMap<StoredObject, Sums>();

function sumsOf(stored: StoredObject): Sums {
  const known = sums.get(stored);
  if (known !== undefined) return known;
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32c(stored.content));
  const md5 = createHash('md5').update(stored.content).digest('base64');
  const found = { md5, crc32c: sum.toString('base64') };
  sums.set(stored, found);
  return found;
}

function infoOf(name: string, stored: StoredObject): ObjectInfo {
  const { content, generation, contentType, createdAtMs, customTimeMs, metadata } = stored;
  return {
    name,
    generation,
    sizeBytes: content.length,
    ...sumsOf(stored),
    contentType,
    createdAtMs,
    customTimeMs,
    metadata,
  };
}
