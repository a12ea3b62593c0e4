// Files for the tests of the readers: recorded ones, shared ones, and bytes that a test makes.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { InputFile } from '../../../../jobs/heat/formats/opened-file.ts';
import { UnusableFile } from '../../../../jobs/heat/formats/unusable.ts';

const RECORDED = new URL('recorded/', import.meta.url);
const SHARED = new URL('../../../../../shared/data/heat/', import.meta.url);

export const recorded = (name: string): InputFile => ({
  name,
  path: fileURLToPath(new URL(name, RECORDED)),
});

export const recordedBytes = (name: string): Buffer => readFileSync(recorded(name).path);

/** Large real files are beside the checkout, and not in it. */
export const skipShared = existsSync(SHARED)
  ? false
  : `the shared data is not on this machine: ${fileURLToPath(SHARED)}`;

export const shared = (path: string): InputFile => ({
  name: path.slice(path.lastIndexOf('/') + 1),
  path: fileURLToPath(new URL(path, SHARED)),
});

let folder: string | undefined;

/** A folder of this process, which several files of tests may share; removed at its end. */
export function testFolder(): string {
  if (folder !== undefined) return folder;
  const made = mkdtempSync(join(tmpdir(), 'heat-formats-'));
  process.once('exit', () => rmSync(made, { recursive: true, force: true }));
  return (folder = made);
}

let files = 0;

export function fileOf(name: string, bytes: Uint8Array | string): InputFile {
  const path = join(testFolder(), `${++files}-${name}`);
  writeFileSync(path, bytes);
  return { name, path };
}

/** Whether it is a refusal whose message has the words. */
export const refusal =
  (words: RegExp) =>
  (error: unknown): true => {
    if (!(error instanceof UnusableFile)) throw error;
    if (!words.test(error.message)) throw new Error(`unexpected message: ${error.message}`);
    return true;
  };
