// The buckets of the simulated mesh, in memory: local Cloud Storage's own conditions and checksums.
import type { Clock } from '../../local/clock.ts';
import { notFound } from '../../local/http/errors.ts';
import { Digest } from '../../local/storage/checksums.ts';
import { requireConditions, type Preconditions } from '../../local/storage/preconditions.ts';
import type { ObjectRow } from '../../local/storage/resources.ts';
import type { Metadata, ObjectInfo } from '../../shared/objects/store.ts';

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
    objects.set(name, { row, info: infoOf(row, contentType, metadata), bytes, text });
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
  contentType: string,
  metadata: Metadata,
): ObjectInfo => ({
  name,
  generation: String(generation),
  sizeBytes: size,
  md5: md5 ?? undefined,
  crc32c,
  contentType,
  createdAtMs: created_ms,
  customTimeMs: undefined,
  metadata,
});
