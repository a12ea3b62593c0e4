// A file of the disk that is read in pieces; a piece beyond its end is the error of a file that is cut off.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { UnusableFile } from './unusable.ts';

/** Where a file is on the disk, and what errors call it. */
export interface InputFile {
  readonly name: string;
  readonly path: string;
}

export class OpenedFile implements Disposable {
  readonly name: string;
  readonly sizeBytes: number;
  readonly #descriptor: number;

  constructor({ name, path }: InputFile) {
    this.name = name;
    this.#descriptor = openSync(path, 'r');
    this.sizeBytes = fstatSync(this.#descriptor).size;
  }

  /** Exactly `length` bytes from `offset`. */
  read(offset: number, length: number, place?: string): Buffer {
    const missing = offset + length - this.sizeBytes;
    if (!(missing <= 0)) {
      const found = `the end of the file at byte ${this.sizeBytes}`;
      const expected = `${length} bytes from byte ${offset}: the file is cut off`;
      throw new UnusableFile({ file: this.name, place, found, expected });
    }
    const bytes = Buffer.allocUnsafe(length);
    let done = 0;
    while (done < length) {
      const count = readSync(this.#descriptor, bytes, done, length - done, offset + done);
      if (count === 0) throw new Error(`${this.name} became shorter while it was read`);
      done += count;
    }
    return bytes;
  }

  /** The whole file, if it is not larger than `most`. */
  readAll(most: number): Buffer {
    if (this.sizeBytes > most) {
      const found = `${this.sizeBytes} bytes`;
      throw new UnusableFile({ file: this.name, found, expected: `at most ${most} bytes` });
    }
    return this.read(0, this.sizeBytes);
  }

  [Symbol.dispose](): void {
    closeSync(this.#descriptor);
  }
}
