// Writes the files of an attempt into its folder, several at once, for the manifest to name.
import { Readable } from 'node:stream';
import { concurrently } from '../concurrently.ts';
import type { ObjectStore } from '../objects/store.ts';
import type { OutputFile } from '../outputs/manifest.ts';
import { outputFolder } from '../runs/names.ts';
import { step } from '../tracing/spans.ts';
import { writeOnce } from './write-once.ts';

export interface AttemptKey {
  readonly pipeline: string;
  readonly run: string;
  readonly attempt: number;
}

export interface FileToWrite {
  readonly name: string;
  readonly type: string;
  readonly rows?: number;
  /** A new stream of the same bytes with each call. */
  readonly content: () => Readable;
}

/** The part of a pino logger that a job logs through. */
export interface JobLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** An upload mostly waits for its answer. The files of an attempt are read from memory or the disk, a chunk at a time. */
const AT_ONCE = 8;

/**
 * Answers in the sequence of `files`, when all are written: the manifest, which the caller writes, is last (law 4). The
 * first failure is thrown, with no file still under way, and no further file is begun.
 */
export function writeFiles(
  results: ObjectStore,
  { pipeline, run, attempt }: AttemptKey,
  files: readonly FileToWrite[],
): Promise<readonly OutputFile[]> {
  const folder = outputFolder(pipeline, run, attempt);
  return concurrently(files, AT_ONCE, async ({ name, type, rows, content }) => {
    const write = () => writeOnce(results, `${folder}${name}`, type, content);
    const file = await step('write', write, { 'sluice.file': name });
    // The name of a file in a folder has its slashes.
    return { ...file, name, ...(rows === undefined ? {} : { rows }) };
  });
}

export const streamOf = (content: string | Uint8Array): Readable => Readable.from([Buffer.from(content)]);
