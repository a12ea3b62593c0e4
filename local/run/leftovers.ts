// Processes of an execution that outlived the local cloud: found by the mark in their environment, and ended.
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';

/** The variable that holds the execution's uid, in every process of it. */
export const MARK = 'LOCAL_RUN_EXECUTION_UID';

const MOST_ROUNDS = 1_000;
const ROUND_MS = 20;

/**
 * SIGKILLs every process that carries one of the uids, and returns when none is left. A process is known by
 * its mark and never by a number alone: numbers are used again. Throws when some will not go within 20 seconds.
 */
export async function endLeftovers(uids: readonly string[]): Promise<void> {
  if (uids.length === 0) return;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const found = await marked(uids);
    if (found.length === 0) return;
    for (const pid of found) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It went by itself.
      }
    }
    await setTimeout(ROUND_MS);
  }
  throw new Error(`processes of the executions ${uids.join(', ')} would not end`);
}

async function marked(uids: readonly string[]): Promise<number[]> {
  const marks = uids.map((uid) => `${MARK}=${uid}`);
  const environments = process.platform === 'linux' ? await linuxEnvironments() : await listedEnvironments();
  return environments
    .filter(({ text }) => marks.some((mark) => text.includes(mark)))
    .map(({ pid }) => pid)
    .filter((pid) => pid !== process.pid);
}

interface Environment {
  readonly pid: number;
  readonly text: string;
}

async function linuxEnvironments(): Promise<Environment[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  // Others' processes cannot be read, and those that have ended read as nothing.
  const read = (pid: string) => readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
  return Promise.all(pids.map(async (pid) => ({ pid: Number(pid), text: await read(pid) })));
}

async function listedEnvironments(): Promise<Environment[]> {
  const { stdout } = await promisify(execFile)('ps', ['-axEww', '-o', 'pid=,command='], {
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout.split('\n').map((text) => ({ pid: Number.parseInt(text, 10), text }));
}
