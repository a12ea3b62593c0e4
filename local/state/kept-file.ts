// Keeps what takes long to make in a file of JSON, for the next process of this machine.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Undefined where there is none, and for what is left of a file whose disk failed: then it is made, and kept, again. */
export function readKept(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as unknown;
  } catch {
    return undefined;
  }
}

/** Never half a file: another process may read it now. In a read-only folder, or on a full disk, nothing is kept. */
export function writeKept(file: string, value: unknown): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    const own = `${file}.${process.pid}`;
    writeFileSync(own, JSON.stringify(value));
    renameSync(own, file);
  } catch (error) {
    if (typeof (error as NodeJS.ErrnoException).syscall !== 'string') throw error;
  }
}
