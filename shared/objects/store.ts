// The port to object storage: the four things that coordination needs, and streams for data.
import type { Readable } from 'node:stream';

/** The metadata of one object. `generation` is an opaque name and has no order. */
export interface ObjectInfo {
  readonly name: string;
  readonly generation: string;
  readonly sizeBytes: number;
  /** Base64, as Cloud Storage answers it; absent on composed objects. */
  readonly md5: string | undefined;
  /** Base64 of the big-endian CRC32C. */
  readonly crc32c: string;
  readonly contentType: string;
  /** When this generation was written. */
  readonly createdAtMs: number;
  /** The time from which its retention counts; undefined: it is kept for good. */
  readonly customTimeMs: number | undefined;
  /** Custom metadata that its writer set, so that a listing shows it. */
  readonly metadata: Metadata;
}

/** Custom metadata: names and values in ASCII, of 8 KiB at most in all. */
export type Metadata = Readonly<Record<string, string>>;

/** One version of an object of any bucket. */
export interface ObjectVersion {
  readonly bucket: string;
  readonly name: string;
  readonly generation: string;
}

export interface StoredText {
  readonly text: string;
  readonly generation: string;
}

/** The answer was lost: the write may have happened, may not have, or may still happen. Read the object. */
export interface Unknown {
  readonly kind: 'unknown';
  readonly cause: Error;
}

/**
 * The answer to a conditional write (law 3): `landed` with the generation written; `conflict` when the condition
 * did not hold, perhaps because of the caller's own earlier write; or `unknown`. The last two are settled by reading the
 * object and comparing the writer's token. A write that is known not to have happened is thrown.
 */
export type WriteAnswer =
  | { readonly kind: 'landed'; readonly generation: string }
  | { readonly kind: 'conflict' }
  | Unknown;

/** The answer to a conditional delete: after a repeated request, `landed` says only that the object is gone. */
export type RemoveAnswer = { readonly kind: 'landed' | 'conflict' } | Unknown;

/** `gone`: the source does not have that generation, or never had. */
export type CopyAnswer = WriteAnswer | { readonly kind: 'gone' };

/** The generation that stands for no object. */
export const ABSENT = '0';

/** One bucket. The caller checks names; no method builds a name from external text. */
export interface ObjectStore {
  readonly bucket: string;
  /** The whole object as UTF-8, or undefined when absent. Throws when it is larger than `maxBytes`. */
  readText(name: string, maxBytes: number): Promise<StoredText | undefined>;
  /** The first `bytes` bytes of the object, as they are. */
  readStart(name: string, bytes: number): Promise<Buffer>;
  info(name: string): Promise<ObjectInfo | undefined>;
  /**
   * Writes if the object does not exist yet (law 2). The object bears the time of the write, from which its retention
   * counts; see `infra/storage.ts`.
   */
  create(
    name: string,
    content: string | Buffer,
    contentType: string,
    metadata?: Metadata,
    /** Retention counts from so many milliseconds after the write. */
    keptLongerMs?: number,
  ): Promise<WriteAnswer>;
  /**
   * Replaces the object if its generation is still `generation` (law 5), `ABSENT` for one that must not exist.
   * An object that is replaced is kept for good: it bears no time. A request whose answer was lost is not sent again:
   * the caller settles it.
   */
  replace(name: string, generation: string, content: string, contentType: string): Promise<WriteAnswer>;
  /** Deletes the object if its generation is still `generation`; one that is gone already counts as landed. */
  remove(name: string, generation: string): Promise<RemoveAnswer>;
  /** Streams into a new object; the promise settles when it is stored and its checksum agrees. */
  createFrom(name: string, content: Readable, contentType: string): Promise<WriteAnswer>;
  /**
   * Copies one version of an object, if `name` does not exist yet. Cloud Storage copies it: no byte passes through this
   * process. With `bearsTime` the copy bears the time of the copy, like an object of `create`; without, it is kept until
   * it is retired.
   */
  copyFrom(name: string, source: ObjectVersion, how: { readonly bearsTime: boolean }): Promise<CopyAnswer>;
  /**
   * Sets the time from which the object's retention counts. An object that bears a time keeps it; one that does not
   * exist is ignored.
   */
  retire(name: string, atMs: number): Promise<void>;
  /** The number of the project that the bucket belongs to. */
  projectNumber(): Promise<string>;
  /**
   * A stream of the object's bytes, of one version or of the newest; its checksum is verified at the end, unless the
   * reader has one of its own.
   */
  read(name: string, generation?: string, checked?: 'here' | 'by the reader'): Readable;
  /**
   * All objects under the prefix in lexical order, from the name `startAt` on and before the name `endBefore`,
   * over as many pages as it takes. More than `limit` are an error (law 10).
   */
  list(prefix: string, limit: number, startAt?: string, endBefore?: string): Promise<readonly ObjectInfo[]>;
  /** Like `list`, but only the first `most` objects; that there are more is no error. */
  first(prefix: string, most: number, startAt?: string, endBefore?: string): Promise<readonly ObjectInfo[]>;
}
