// The buckets of the simulated mesh, in memory, behind the port: local Cloud Storage's own conditions and checksums.
import { Readable } from 'node:stream';
import type { Clock } from '../../local/clock.ts';
import { ApiError, notFound } from '../../local/http/errors.ts';
import { Digest } from '../../local/storage/checksums.ts';
import { requireConditions, type Preconditions } from '../../local/storage/preconditions.ts';
import type { ObjectRow } from '../../local/storage/resources.ts';
import { BoundError, PermanentError } from '../../shared/errors.ts';
import type {
  Metadata,
  ObjectInfo,
  ObjectStore,
  RemoveAnswer,
  Unknown,
  WriteAnswer,
} from '../../shared/objects/store.ts';
import { readFirst, readPages, type ReadPage } from '../../shared/pages.ts';
import type { Instance, Wire } from './wire.ts';

// Of a real page's thousand: a run is about ten objects, and a simulated life has few runs.
const LARGEST_PAGE = 60;

/** Called when an object is there; `text` is undefined when it was deleted. */
export type OnWritten = (bucket: string, name: string, text: string | undefined) => void;

/** Called when an object was given the time from which its days count. */
export type OnRetired = (bucket: string, name: string) => void;

/** Called when an object was written, before a reader can see it; `overwrote` is the generation that it replaced. */
export type OnFinalized = (row: ObjectRow, overwrote: string | undefined) => void;

interface Stored {
  readonly row: ObjectRow;
  readonly info: ObjectInfo;
  readonly bytes: Buffer;
  readonly text: string;
}

/** The live objects of one bucket. */
interface Bucket {
  readonly objects: Map<string, Stored>;
  /** In the order of their bytes, as they are listed. */
  readonly names: string[];
}

export class SimulatedStorage {
  readonly #buckets: ReadonlyMap<string, Bucket>;
  readonly #clock: Clock;
  readonly #onFinalized: OnFinalized;
  readonly #onWritten: OnWritten;
  readonly #onRetired: OnRetired;
  #generation = 0;

  constructor(o: {
    clock: Clock;
    buckets: readonly string[];
    onFinalized: OnFinalized;
    onWritten: OnWritten;
    onRetired: OnRetired;
  }) {
    this.#clock = o.clock;
    this.#buckets = new Map(o.buckets.map((name) => [name, { objects: new Map(), names: [] }]));
    this.#onFinalized = o.onFinalized;
    this.#onWritten = o.onWritten;
    this.#onRetired = o.onRetired;
  }

  /** Gives the generation written. Throws the API's errors: 412 when a condition does not hold. */
  write(
    bucket: string,
    name: string,
    bytes: Buffer,
    contentType: string,
    conditions: Preconditions,
    metadata: Metadata = {},
  ): string {
    const { objects, names } = this.#bucket(bucket);
    const replaced = objects.get(name)?.row;
    requireConditions(conditions, replaced);
    const row = this.#rowOf(bucket, name, bytes, contentType);
    const text = bytes.toString('utf8');
    objects.set(name, { row, info: infoOf(row, metadata), bytes, text });
    if (replaced === undefined) names.splice(placeOf(name, names), 0, name);
    this.#onFinalized(row, replaced && String(replaced.generation));
    this.#onWritten(bucket, name, text);
    return String(row.generation);
  }

  /** From then on an object's days are counted; one that has a time keeps it, and so does a deleted one. */
  retire(bucket: string, name: string, atMs: number): void {
    const { objects } = this.#bucket(bucket);
    const found = objects.get(name);
    if (found === undefined || found.info.customTimeMs !== undefined) return;
    objects.set(name, { ...found, info: { ...found.info, customTimeMs: atMs } });
    this.#onRetired(bucket, name);
  }

  /** Throws the API's errors: 404 when it does not exist, 412 when its generation has changed. */
  remove(bucket: string, name: string, generationMatch: number): void {
    const { objects, names } = this.#bucket(bucket);
    const found = objects.get(name);
    if (found === undefined) throw notFound(`No such object: ${bucket}/${name}`);
    requireConditions({ generationMatch }, found.row);
    objects.delete(name);
    names.splice(placeOf(name, names), 1);
    this.#onWritten(bucket, name, undefined);
  }

  find(bucket: string, name: string): Stored | undefined {
    return this.#bucket(bucket).objects.get(name);
  }

  text(bucket: string, name: string): string | undefined {
    return this.find(bucket, name)?.text;
  }

  list(bucket: string, prefix: string, { from, before, most }: Range): ObjectInfo[] {
    const { objects, names } = this.#bucket(bucket);
    const found: ObjectInfo[] = [];
    for (let at = placeOf(from > prefix ? from : prefix, names); found.length < most; at++) {
      const name = names[at];
      if (name?.startsWith(prefix) !== true || (before !== undefined && name >= before)) break;
      const info = objects.get(name)?.info;
      if (info !== undefined) found.push(info);
    }
    return found;
  }

  #bucket(name: string): Bucket {
    const found = this.#buckets.get(name);
    if (found === undefined) throw notFound('The specified bucket does not exist.');
    return found;
  }

  #rowOf(bucket: string, name: string, bytes: Buffer, contentType: string): ObjectRow {
    const nowMs = this.#clock.now();
    // No clock can repeat one.
    this.#generation = Math.max(this.#generation + 1, nowMs * 1000);
    const digest = new Digest();
    digest.update(bytes);
    const { size, md5Hash, crc32c } = digest.checksums();
    return {
      ...{
        bucket,
        name,
        generation: this.#generation,
        metageneration: 1,
        blob: '',
        size,
        md5: md5Hash,
        crc32c,
      },
      ...{ components: null, attributes: JSON.stringify({ contentType }) },
      ...{ created_ms: nowMs, updated_ms: nowMs },
    };
  }
}

interface Range {
  readonly from: string;
  readonly before: string | undefined;
  readonly most: number;
}

/** Where a name stands in the order, or would. */
function placeOf(name: string, names: readonly string[]): number {
  let [low, high] = [0, names.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((names[middle] as string) < name) low = middle + 1;
    else high = middle;
  }
  return low;
}

const infoOf = (
  { name, generation, size, md5, crc32c, created_ms }: ObjectRow,
  metadata: Metadata,
): ObjectInfo => ({
  name,
  generation: String(generation),
  sizeBytes: size,
  md5: md5 ?? undefined,
  crc32c,
  // No decision of the mesh depends on it.
  contentType: '',
  createdAtMs: created_ms,
  customTimeMs: undefined,
  metadata,
});

/** The objects that are swapped: all others are written once. */
const CONTENDED = /\/(state|lease|current)\.json$/;

/** One bucket as an instance sees it, with the answers of `shared/google/storage.ts`. */
export function bucketPort(
  storage: SimulatedStorage,
  bucket: string,
  instance: Instance,
  wire: Wire,
): ObjectStore {
  const asked = (verb: string, name: string) => ({
    instance,
    what: `${bucket}.${verb} ${name}`,
    contended: CONTENDED.test(name),
  });
  const call = <T>(verb: string, name: string, effect: () => T): Promise<T> =>
    wire.call({ ...asked(verb, name), effect, retried: true });
  // A swap is sent once, and settled by reading back.
  const change = <T>(verb: string, name: string, effect: () => T): Promise<T | Unknown> =>
    wire.call<T | Unknown>({ ...asked(verb, name), effect, unknown, retried: verb !== 'replace' });
  const write = (
    verb: string,
    name: string,
    content: Buffer,
    type: string,
    generationMatch: number,
    metadata: Metadata = {},
  ) =>
    change(verb, name, () =>
      unlessConflict(() => storage.write(bucket, name, content, type, { generationMatch }, metadata)),
    );
  const find = (name: string) => storage.find(bucket, name);
  const pages = pagesOf(storage, bucket, call);
  return {
    bucket,
    readText: (name, maxBytes) =>
      call('read', name, () => {
        const found = find(name);
        if (found === undefined) return undefined;
        if (found.bytes.length > maxBytes) throw new BoundError(`${name} is larger than ${maxBytes} bytes`);
        return { text: found.text, generation: found.info.generation };
      }),
    readStart: (name, bytes) =>
      call('readStart', name, () => (find(name)?.bytes ?? missing(bucket, name)).subarray(0, bytes)),
    info: (name) => call('info', name, () => find(name)?.info),
    create: (name, content, type, metadata) => write('create', name, Buffer.from(content), type, 0, metadata),
    replace: (name, generation, content, type) =>
      write('replace', name, Buffer.from(content), type, Number(generation)),
    remove: (name, generation) =>
      change('remove', name, () => unlessMoved(() => storage.remove(bucket, name, Number(generation)))),
    createFrom: async (name, content, type) => {
      const chunks: Buffer[] = [];
      for await (const chunk of content as AsyncIterable<Buffer | string>) chunks.push(Buffer.from(chunk));
      return write('createFrom', name, Buffer.concat(chunks), type, 0);
    },
    copyFrom: (name, source) =>
      change('copyFrom', name, () => {
        const from = storage.find(source.bucket, source.name);
        if (from?.info.generation !== source.generation) return { kind: 'gone' } as const;
        return unlessConflict(() =>
          storage.write(bucket, name, from.bytes, 'application/octet-stream', { generationMatch: 0 }),
        );
      }),
    retire: (name, atMs) => call('retire', name, () => storage.retire(bucket, name, atMs)),
    projectNumber: () => call('projectNumber', bucket, () => '1'),
    read: (name) =>
      Readable.from(
        (async function* () {
          yield await call('stream', name, () => find(name)?.bytes ?? missing(bucket, name));
        })(),
      ),
    list: (prefix, limit, startAt, before) =>
      readPages({ limit, what: `objects under ${prefix}` }, pages(prefix, startAt, before)),
    first: (prefix, most, startAt, before) =>
      readFirst(most, `objects under ${prefix}`, pages(prefix, startAt, before)),
  };
}

type Call = <T>(verb: string, name: string, effect: () => T) => Promise<T>;

const pagesOf =
  (storage: SimulatedStorage, bucket: string, call: Call) =>
  (prefix: string, startAt = '', before?: string): ReadPage<ObjectInfo> =>
  async (pageToken, wanted) => {
    const from = pageToken ?? startAt;
    const most = Math.min(wanted, LARGEST_PAGE);
    const items = await call('list', pageToken === undefined ? prefix : `${prefix} from ${from}`, () =>
      storage.list(bucket, prefix, { from, before, most }),
    );
    return { items, nextPageToken: items.length < most ? undefined : `${items.at(-1)?.name}\u0000` };
  };

const unknown = (cause: Error): Unknown => ({ kind: 'unknown', cause });

function unlessConflict(write: () => string): WriteAnswer {
  try {
    return { kind: 'landed', generation: write() };
  } catch (error) {
    if (error instanceof ApiError && error.code === 412) return { kind: 'conflict' };
    throw error;
  }
}

/** An absent one counts as removed, as with the real client. */
function unlessMoved(remove: () => void): RemoveAnswer {
  try {
    remove();
  } catch (error) {
    if (!(error instanceof ApiError) || ![404, 412].includes(error.code)) throw error;
    if (error.code === 412) return { kind: 'conflict' };
  }
  return { kind: 'landed' };
}

function missing(bucket: string, name: string): never {
  throw new PermanentError(`gs://${bucket}/${name} does not exist`);
}
