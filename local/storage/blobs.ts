// The bytes of objects: immutable files under names of our own, so that an object's name never becomes a path.
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { NewId } from '../ids.ts';
import { Digest, type Checksums } from './checksums.ts';

export interface StoredBlob extends Checksums {
  readonly blob: string;
}

// A reader may have looked a blob up just before it was replaced; it keeps this long to open the file.
const GRACE_MS = 10 * 60_000;

/**
 * A blob is written in place: no reader can know its name before the transaction that refers to it commits,
 * and that comes after the file and its folder entry are synced. A crash before leaves an orphan, no more.
 */
export class Blobs {
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #newId: NewId;
  #discarded: { blob: string; atMs: number }[] = [];

  constructor(options: { folder: string; clock: Clock; newId: NewId }) {
    this.#folder = options.folder;
    this.#clock = options.clock;
    this.#newId = options.newId;
    mkdirSync(this.#folder, { recursive: true });
  }

  path(blob: string): string {
    return join(this.#folder, blob);
  }

  /** Writes a whole blob durably, holding one chunk in memory; removes it if the source fails. */
  async receive(source: AsyncIterable<Uint8Array>): Promise<Required<StoredBlob>> {
    const blob = this.#newId();
    const digest = new Digest();
    // An id that was given out before must not cost an object its bytes.
    const file = await open(this.path(blob), 'wx');
    try {
      await write(file, 0, digest.tap(source));
      await this.#syncFolder();
    } catch (error) {
      rmSync(this.path(blob), { force: true });
      throw error;
    }
    return { blob, ...digest.checksums() };
  }

  /**
   * Writes `source` at byte `from`, cutting off what stood there, and syncs. If the source breaks off, what
   * had come of it is still synced, and its error is thrown.
   */
  async append(blob: string, from: number, source: AsyncIterable<Uint8Array>): Promise<void> {
    try {
      await write(await open(this.path(blob), from === 0 ? 'w' : 'r+'), from, source);
    } finally {
      if (from === 0) await this.#syncFolder();
    }
  }

  /**
   * Gives up a blob to which nothing refers any more. Its file is deleted when no reader can be opening it, at a later
   * call; `isReferred` is asked again then, for the case that the transaction which freed it did not commit.
   */
  discard(blob: string, isReferred: (blob: string) => boolean): void {
    const nowMs = this.#clock.now();
    this.#discarded.push({ blob, atMs: nowMs });
    const kept = this.#discarded.findIndex(({ atMs }) => atMs + GRACE_MS > nowMs);
    for (const due of this.#discarded.splice(0, kept)) {
      if (!isReferred(due.blob)) rmSync(this.path(due.blob), { force: true });
    }
  }

  /** How many bytes of the blob stand on the disk. */
  sizeOf(blob: string): number {
    return statSync(this.path(blob), { throwIfNoEntry: false })?.size ?? 0;
  }

  /** At start: removes every file to which nothing refers. */
  collectOrphans(isReferred: (blob: string) => boolean): void {
    for (const blob of readdirSync(this.#folder)) {
      if (!isReferred(blob)) rmSync(this.path(blob), { force: true });
    }
  }

  async #syncFolder(): Promise<void> {
    const folder = await open(this.#folder, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }
}

async function write(file: FileHandle, from: number, source: AsyncIterable<Uint8Array>): Promise<void> {
  try {
    await file.truncate(from);
    let position = from;
    try {
      for await (const chunk of source) {
        for (let done = 0; done < chunk.byteLength;) {
          const { bytesWritten } = await file.write(chunk, done, chunk.byteLength - done, position);
          done += bytesWritten;
          position += bytesWritten;
        }
      }
    } finally {
      await file.sync();
    }
  } finally {
    await file.close();
  }
}
