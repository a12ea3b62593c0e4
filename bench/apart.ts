// Runs a bench in a process of its own, so that one that hangs or dies takes no other with it.
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bench, Result } from './measure.ts';

/** What the process tells: progress as it goes, and its result, once. */
export type Message = { readonly progress: string } | { readonly result: Result };

const ONE = fileURLToPath(new URL('./one.ts', import.meta.url));
const LONGEST_MINUTES = 8;
const TAIL_CHARACTERS = 2000;

export async function runApart(bench: Bench, progress: (text: string) => void): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), `bench-${bench.name}-`));
  try {
    return await run(bench, folder, progress);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

function run(bench: Bench, folder: string, progress: (text: string) => void): Promise<Result> {
  const { name, longestMinutes = LONGEST_MINUTES } = bench;
  return new Promise((resolve) => {
    const child = fork(ONE, [name, folder], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    let tail = '';
    let result: Result | undefined;
    child.stderr?.on('data', (chunk: Buffer) => (tail = (tail + chunk.toString()).slice(-TAIL_CHARACTERS)));
    child.on('message', (message: Message) => {
      if ('progress' in message) progress(message.progress);
      else result = message.result;
    });
    const late = setTimeout(() => child.kill('SIGKILL'), longestMinutes * 60_000);
    child.once('close', (code, signal) => {
      clearTimeout(late);
      const how = signal === null ? `exit code ${code}` : signal;
      const reason = `the process ended with ${how} within ${longestMinutes} minutes without a result. ${tail}`;
      resolve(result ?? { bench: name, kind: 'failed', reason });
    });
  });
}
