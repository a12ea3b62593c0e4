// Reads a folder in a thread with a time and a heap of its own: a file that outgrows them is refused by name.
import { Worker } from 'node:worker_threads';
import type { Day } from '../series/panel.ts';
import { ProblemList } from './problems.ts';
import { panelOf, type FolderContent, type FolderReading, type SourceFile } from './read.ts';
import type { ReadingMessage, ReadingTask } from './reading-worker.ts';
import { SAVE_AGAIN } from './unusable.ts';

export interface ReadingLimits {
  /** For one file. */
  readonly longestMs: number;
  readonly heapMebibytes: number;
}

/**
 * The bounds on what a file may hold end every hostile file that is known, in seconds. These end the others: a
 * file at all bounds takes some ten seconds, and a busy machine may be five times slower.
 */
const LIMITS: ReadingLimits = { longestMs: 60_000, heapMebibytes: 640 };

/** Like `readFolder`; a file that takes too long or too much memory ends as a refusal that names it. */
export async function readFolderApart(
  files: readonly SourceFile[],
  today: Day,
  limits: ReadingLimits = LIMITS,
): Promise<FolderReading> {
  const ending = await readingOf({ files, today }, limits);
  if (ending.kind === 'content') return panelOf(ending.content);
  const problems = new ProblemList();
  problems.add({ file: ending.file }, ending.found, SAVE_AGAIN);
  return { kind: 'refused', problems: problems.kept, problemCount: problems.count };
}

type Ending =
  | { readonly kind: 'content'; readonly content: FolderContent }
  | { readonly kind: 'stopped'; readonly file: string; readonly found: string };

/** Rejects only with what is a fault of the program. */
async function readingOf(task: ReadingTask, limits: ReadingLimits): Promise<Ending> {
  const { longestMs, heapMebibytes } = limits;
  const worker = new Worker(new URL('./reading-worker.ts', import.meta.url), {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: heapMebibytes },
  });
  let file: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<Ending>((resolve, reject) => {
      const stop = (found: string) => resolve({ kind: 'stopped', file: file ?? 'the folder', found });
      const wait = () => {
        clearTimeout(timer);
        timer = setTimeout(() => stop(`a file that is not read after ${longestMs / 1000} s`), longestMs);
      };
      wait();
      worker.on('message', (message: ReadingMessage) => {
        if (message.kind === 'content') return resolve(message);
        file = message.name;
        wait();
      });
      worker.on('error', (error: NodeJS.ErrnoException) => {
        const isMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
        if (isMemory) stop(`a file that needs more than ${heapMebibytes} MiB of memory to be read`);
        // Before the first file it is the program that fails, and not on what a file holds.
        else if (file === undefined) reject(error);
        else stop(`a file on which the reader failed (${error.message})`);
      });
      worker.on('exit', (code) =>
        reject(new Error(`the thread that reads workbooks ended with code ${code}`)),
      );
    });
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}
