// One bucket of the simulated mesh as an instance sees it, over the wire.
import { Readable } from 'node:stream';
import { ApiError } from '../../local/http/errors.ts';
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
import type { SimulatedStorage } from './buckets.ts';
import type { Instance, Wire } from './wire.ts';

// Of a real page's thousand: a run is about ten objects, and a simulated life has few runs.
const LARGEST_PAGE = 60;

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
  const call: Call = (verb, name, effect) => wire.call({ ...asked(verb, name), effect, retried: true });
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
    ...listingsOf(storage, bucket, call),
  };
}

type Call = <T>(verb: string, name: string, effect: () => T) => Promise<T>;

function listingsOf(
  storage: SimulatedStorage,
  bucket: string,
  call: Call,
): Pick<ObjectStore, 'list' | 'first'> {
  const pages = pagesOf(storage, bucket, call);
  return {
    list: (prefix, limit, startAt, before) =>
      readPages({ limit, what: `objects under ${prefix}` }, pages(prefix, startAt, before)),
    first: (prefix, most, startAt, before) =>
      readFirst(most, `objects under ${prefix}`, pages(prefix, startAt, before)),
  };
}

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
