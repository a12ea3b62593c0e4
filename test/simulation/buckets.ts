// The buckets of the simulated world: local Cloud Storage's own nouns over a state in memory, behind the port.
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Clock } from '../../local/clock.ts';
import { ApiError } from '../../local/http/errors.ts';
import { countedIds } from '../../local/ids.ts';
import type { State } from '../../local/state/state.ts';
import { Blobs } from '../../local/storage/blobs.ts';
import { Buckets } from '../../local/storage/buckets.ts';
import { Digest } from '../../local/storage/checksums.ts';
import { Objects, type OnFinalized } from '../../local/storage/objects.ts';
import type { Preconditions } from '../../local/storage/preconditions.ts';
import type { ObjectResource, ObjectRow } from '../../local/storage/resources.ts';
import { createTables } from '../../local/storage/schema.ts';
import { BoundError, PermanentError } from '../../shared/errors.ts';
import type {
  ObjectInfo,
  ObjectStore,
  RemoveAnswer,
  Unknown,
  WriteAnswer,
} from '../../shared/objects/store.ts';
import { readPages } from '../../shared/pages.ts';
import type { Instance, Wire } from './wire.ts';

// Of a real page's thousand: a run is about ten objects, and a simulated life has few runs.
const LARGEST_PAGE = 60;
// Only the names of blobs ever get there: the bytes stay in memory, because a synced file costs milliseconds.
const FOLDER = join(tmpdir(), 'sluice-simulation');

/** Called when an object is there; `text` is undefined when it is gone. */
export type OnWritten = (bucket: string, name: string, text: string | undefined) => void;

export class SimulatedStorage {
  readonly #state: State;
  readonly #objects: Objects;
  readonly #bytes = new Map<string, Buffer>();
  readonly retiredMs = new Map<string, number>();
  readonly #newId = countedIds();
  readonly #onWritten: OnWritten;

  constructor(o: {
    state: State;
    clock: Clock;
    buckets: readonly string[];
    onFinalized: OnFinalized;
    onWritten: OnWritten;
  }) {
    const { state, clock, onFinalized } = o;
    this.#state = state;
    createTables(state);
    const buckets = new Buckets(state, clock);
    for (const name of o.buckets) buckets.insert({ name, projectId: 'simulation' });
    const blobs = new Blobs({ folder: FOLDER, clock, newId: this.#newId });
    this.#objects = new Objects({ state, blobs, buckets, clock, onFinalized });
    this.#onWritten = o.onWritten;
  }

  /** Throws the API's errors: 412 when a condition does not hold. */
  write(bucket: string, name: string, content: Buffer, contentType: string, conditions: Preconditions) {
    const blob = this.#newId();
    const digest = new Digest();
    digest.update(content);
    const resource = this.#objects.commit({
      bucket,
      name,
      attributes: { contentType },
      content: { blob, ...digest.checksums() },
      conditions,
      mayOverwrite: () => undefined,
    });
    this.#bytes.set(blob, content);
    this.#onWritten(bucket, name, content.toString('utf8'));
    return resource;
  }

  /** From when an object's days are counted, where they are. */
  retire(bucket: string, name: string, atMs: number): void {
    const object = `${bucket}/${name}`;
    if (!this.retiredMs.has(object)) this.retiredMs.set(object, atMs);
  }

  /** Throws the API's errors: 404 when it is gone, 412 when it has moved. */
  remove(bucket: string, name: string, generationMatch: number): void {
    this.#objects.delete({ bucket, name }, { generationMatch });
    this.#onWritten(bucket, name, undefined);
  }

  find(bucket: string, name: string): { info: ObjectInfo; bytes: Buffer } | undefined {
    const row = this.#objects.find({ bucket, name });
    if (row === undefined) return undefined;
    const info = infoOf(row);
    return { info, bytes: this.#bytes.get(row.blob) ?? Buffer.alloc(0) };
  }

  text(bucket: string, name: string): string | undefined {
    return this.find(bucket, name)?.bytes.toString('utf8');
  }

  /** In the order of the names' bytes, straight from the rows: a listing as resources costs a sweep's half. */
  list(bucket: string, prefix: string, { from, before, most }: Range): ObjectInfo[] {
    const rows = this.#state.sql
      .prepare(
        `SELECT name, generation, size, md5, crc32c, created_ms FROM storage_objects
         WHERE bucket = ?1 AND name >= ?2 AND substr(name, 1, length(?3)) = ?3 AND (?4 IS NULL OR name < ?4)
         ORDER BY name LIMIT ?5`,
      )
      .all(bucket, from > prefix ? from : prefix, prefix, before ?? null, most);
    return (rows as unknown as InfoRow[]).map(infoOf);
  }
}

interface Range {
  readonly from: string;
  readonly before: string | undefined;
  readonly most: number;
}

type InfoRow = Pick<ObjectRow, 'name' | 'generation' | 'size' | 'md5' | 'crc32c' | 'created_ms'>;

const infoOf = ({ name, generation, size, md5, crc32c, created_ms }: InfoRow): ObjectInfo => ({
  name,
  generation: String(generation),
  sizeBytes: size,
  md5: md5 ?? undefined,
  crc32c,
  // No decision of the mesh depends on it.
  contentType: '',
  createdAtMs: created_ms,
  customTimeMs: undefined,
  metadata: {},
});

/** The objects that are swapped: all others are written once. */
const CONTENDED = /\/(head|lease|current)\.json$/;

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
  const write = (verb: string, name: string, content: Buffer, type: string, generationMatch: number) =>
    change(verb, name, () =>
      unlessConflict(() => storage.write(bucket, name, content, type, { generationMatch })),
    );
  const find = (name: string) => storage.find(bucket, name);
  return {
    bucket,
    readText: (name, maxBytes) =>
      call('read', name, () => {
        const found = find(name);
        if (found === undefined) return undefined;
        if (found.bytes.length > maxBytes) throw new BoundError(`${name} is larger than ${maxBytes} bytes`);
        return { text: found.bytes.toString('utf8'), generation: found.info.generation };
      }),
    readStart: (name, bytes) =>
      call('readStart', name, () => (find(name)?.bytes ?? missing(bucket, name)).subarray(0, bytes)),
    info: (name) => call('info', name, () => find(name)?.info),
    create: (name, content, type) => write('create', name, Buffer.from(content), type, 0),
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
    list: (prefix, limit, startAt = '', before) =>
      readPages({ limit, what: `objects under ${prefix}` }, async (pageToken, wanted) => {
        const from = pageToken ?? startAt;
        const most = Math.min(wanted, LARGEST_PAGE);
        const items = await call('list', pageToken === undefined ? prefix : `${prefix} from ${from}`, () =>
          storage.list(bucket, prefix, { from, before, most }),
        );
        return { items, nextPageToken: items.length < most ? undefined : `${items.at(-1)?.name}\u0000` };
      }),
  };
}

const unknown = (cause: Error): Unknown => ({ kind: 'unknown', cause });

function unlessConflict(write: () => ObjectResource): WriteAnswer {
  try {
    return { kind: 'landed', generation: write().generation };
  } catch (error) {
    if (error instanceof ApiError && error.code === 412) return { kind: 'conflict' };
    throw error;
  }
}

/** One that is gone already counts as removed, as behind the real client. */
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
