// The thread that reads a folder's workbooks, so that its time and its memory can be bounded from outside.
import { parentPort, workerData } from 'node:worker_threads';
import type { Day } from '../series/panel.ts';
import { readFiles, type FolderContent, type SourceFile } from './read.ts';

export interface ReadingTask {
  readonly files: readonly (Omit<SourceFile, 'bytes'> & { readonly bytes: Uint8Array })[];
  readonly today: Day;
}

export type ReadingMessage =
  | { readonly kind: 'file'; readonly name: string }
  | { readonly kind: 'content'; readonly content: FolderContent };

const { files, today } = workerData as ReadingTask;
const send = (message: ReadingMessage): void => parentPort?.postMessage(message);

// A Buffer arrives as the plain bytes that it is of.
const asBuffers = files.map(({ role, name, bytes }) => ({
  role,
  name,
  bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
}));
send({ kind: 'content', content: await readFiles(asBuffers, today, (name) => send({ kind: 'file', name })) });
