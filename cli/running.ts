// Which mesh runs over a folder: who holds its lock, and where the holder answers.
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { ConfigurationError } from '../shared/errors.ts';
import { isLocked, lockFolder } from './folder-lock.ts';
import { requireRoom } from './room.ts';

const whereFile = (data: string) => join(data, 'running.json');
const where = z.object({ endpoint: z.url(), pid: z.int() });
type Where = z.infer<typeof where>;

/** Where a mesh over this folder is running, if one is. The files of a killed mesh do not count. */
export const runningMesh = (data: string): Where | undefined =>
  isLocked(data) ? readWhere(data) : undefined;

export interface Claim {
  /** The mesh answers at `endpoint` from now on. */
  opened(endpoint: string): void;
  /** It answers no longer, and is not done with the folder. */
  closing(): void;
  release(): void;
}

/** Makes the folder, and takes it for this process. Throws ConfigurationError while another process has it. */
export function claimFolder(data: string): Claim {
  if (statSync(data, { throwIfNoEntry: false })?.isDirectory() === false)
    throw new ConfigurationError(`--data: ${data} is a file; expected a folder`);
  makeFolder(data);
  requireRoom(data);
  const lock = lockFolder(data);
  if (lock === undefined) throw taken(data);
  try {
    rmSync(whereFile(data), { force: true });
  } catch (error) {
    lock.release();
    throw error;
  }
  return {
    opened: (endpoint) => writeFileSync(whereFile(data), JSON.stringify({ endpoint, pid: process.pid })),
    closing: () => rmSync(whereFile(data), { force: true }),
    release: () => lock.release(),
  };
}

/** On a disk that is read-only, Node's recursive mkdir reports ENOENT. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder);
}

function taken(data: string): ConfigurationError {
  const running = readWhere(data);
  return new ConfigurationError(
    running === undefined
      ? `a mesh over ${data} is opening or closing in another process; try again in a moment, or name another folder with --data`
      : `a mesh is running over ${data} already (process ${running.pid}); end it first, or name another folder with --data`,
  );
}

function readWhere(data: string): Where | undefined {
  try {
    return where.parse(JSON.parse(readFileSync(whereFile(data), 'utf8')));
  } catch {
    return undefined;
  }
}
