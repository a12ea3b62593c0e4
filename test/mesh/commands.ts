// Runs the project's commands as their users do: as processes, with arguments, an exit code and two streams.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LONGEST_PROCESS_MS } from '../waiting.ts';
import { deliveries } from './deliveries.ts';
import { NO_LIBRARY } from './start-mesh.ts';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  /** What it has printed so far. */
  readonly stdout: () => string;
  readonly ended: Promise<Ended>;
}

/** Where a command runs, if not in this tree and from a folder outside it. */
export interface Place {
  readonly root?: string;
  readonly workingFolder?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** A program that prepares something and then becomes the command. */
  readonly through?: readonly string[];
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** `start`, `query` or `sluice`, and what follows `npm run ... --`. */
export const begin = (command: 'start' | 'query' | 'sluice', ...words: readonly string[]): Running =>
  beginIn({}, `cli/${command}.ts`, ...words);

/** A script of the tree. */
export function beginIn(place: Place, script: string, ...words: readonly string[]): Running {
  const { root = ROOT, workingFolder = tmpdir(), env = {}, through = [] } = place;
  const [program = '', ...args] = [
    ...through,
    process.execPath,
    ...interference(),
    join(root, script),
    ...words,
  ];
  const child = spawn(program, args, {
    timeout: LONGEST_PROCESS_MS,
    cwd: workingFolder,
    env: { ...process.env, XGBOOST_LIBRARY: NO_LIBRARY, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, stdout, stderr }));
  return { child, stdout: () => stdout, ended };
}

const interference = () =>
  deliveries === 'once' ? [] : ['--import', new URL('interfering-process.ts', import.meta.url).href];

export const run = (command: 'start' | 'query' | 'sluice', ...words: readonly string[]): Promise<Ended> =>
  begin(command, ...words).ended;

/** The JSON object that stands on the last line. */
export const lastLine = ({ stdout }: Ended): Readonly<Record<string, unknown>> =>
  JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Record<string, unknown>;
