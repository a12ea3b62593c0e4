// The files of one stage on the disk of the job: written by the stage, or downloaded from the cache when they are read.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { Checksum } from '../../../shared/attempts/checksum.ts';
import type { StageFile } from './stage.ts';

/** A file of a stage, as a manifest lists it. */
export interface ListedFile {
  readonly name: string;
  readonly type: string;
  readonly sizeBytes: number;
  readonly crc32c: string;
  readonly sha256: string;
}

/** The files that a stage has made, wherever they are. */
export interface StageResult {
  /** Sorted by name. */
  readonly files: readonly ListedFile[];
  /** The whole file, verified. */
  read(name: string): Promise<Buffer>;
  /** The file on the disk, to be read piece by piece. */
  open(name: string): Promise<() => Readable>;
}

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export function listedFile({ name, type, bytes }: StageFile): ListedFile {
  const sum = new Checksum();
  sum.add(bytes);
  return { name, type, sizeBytes: bytes.length, crc32c: sum.crc32c, sha256: sha256Of(bytes) };
}

export const byName = (one: { readonly name: string }, other: { readonly name: string }): number =>
  one.name < other.name ? -1 : one.name > other.name ? 1 : 0;

// A part may begin with a dot (`.zattrs`), but is neither empty nor `.` nor `..`.
const PART = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/;
const MOST_PARTS = 7;

/** Whether a file of a stage may have this name: `t2m.series`, `paris.zarr/t2m/0.0.0`. */
export function isStageFileName(name: string): boolean {
  const parts = name.split('/');
  return parts.length <= MOST_PARTS && parts.every((part) => PART.test(part));
}

/** Where a stage's name of a file is on the disk. */
export class LocalFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  pathOf(name: string): string {
    return join(this.#folder, name);
  }

  async write(name: string, bytes: Uint8Array): Promise<void> {
    await mkdir(dirname(this.pathOf(name)), { recursive: true });
    await writeFile(this.pathOf(name), bytes);
  }

  read(name: string): Promise<Buffer> {
    return readFile(this.pathOf(name));
  }

  /** Opened when its first byte is read: a stream that no one reads holds no file. */
  stream(name: string): Readable {
    return Readable.from(chunksOf(this.pathOf(name)), { objectMode: false });
  }
}

async function* chunksOf(path: string): AsyncGenerator<Buffer, void, undefined> {
  yield* createReadStream(path) as AsyncIterable<Buffer>;
}
