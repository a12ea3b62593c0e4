// Runs the project's commands as their users do: as processes, with arguments, an exit code and two streams.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { deliveries } from './deliveries.ts';
import { NO_LIBRARY } from './ground.ts';

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

const LONGEST_MS = 180_000;

/** `start`, `query` or `sluice`, and what follows `npm run ... --`. */
export function begin(command: 'start' | 'query' | 'sluice', ...words: readonly string[]): Running {
  const script = fileURLToPath(new URL(`../../cli/${command}.ts`, import.meta.url));
  const child = spawn(process.execPath, [...interference(), script, ...words], {
    timeout: LONGEST_MS,
    cwd: tmpdir(),
    env: { ...process.env, XGBOOST_LIBRARY: NO_LIBRARY },
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
