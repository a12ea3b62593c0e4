// One attempt of a task: a child process in a process group of its own, until the whole group has ended.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import type { Clock } from '../clock.ts';
import type { LineLog } from './lines.ts';
import type { Ending } from './records.ts';

/** Between SIGTERM and SIGKILL, as on Cloud Run. */
const GRACE_MS = 10_000;
const LONGEST_READ_MS = 5_000;

export interface AttemptOptions {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly clock: Clock;
  readonly log: LineLog;
}

export interface Attempt {
  /** Never rejects. */
  readonly ended: Promise<Ending>;
  /** SIGTERM now, SIGKILL ten seconds later. */
  terminate(): void;
  kill(): void;
}

export function startAttempt({ command, cwd, env, timeoutSeconds, clock, log }: AttemptOptions): Attempt {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let timedOut = false;
  let cancelKill = (): void => undefined;
  const signal = (name: 'SIGTERM' | 'SIGKILL'): void => {
    // The group takes its number from the child, and lives until its last member has ended.
    if (child.pid !== undefined) signalGroup(child.pid, name);
  };
  const terminate = (): void => {
    signal('SIGTERM');
    cancelKill();
    cancelKill = clock.at(clock.now() + GRACE_MS, () => signal('SIGKILL'));
  };
  const cancelTimeout = clock.at(clock.now() + timeoutSeconds * 1000, () => {
    timedOut = true;
    terminate();
  });
  const read = Promise.allSettled([log.follow(child.stdout), log.follow(child.stderr)]);
  const exited = new Promise<Ending>((resolve) => {
    child.once('error', (error) => resolve({ kind: 'not-started', message: error.message }));
    child.once('exit', (code, name) => {
      // A container ends with its first process; its remaining children end too.
      signal('SIGKILL');
      resolve(timedOut ? TIMED_OUT : endingOf(code, name));
    });
  });
  const ended = exited.then(async (ending) => {
    cancelTimeout();
    cancelKill();
    // A descendant that left the group may hold the pipe open for ever.
    await Promise.race([read, setTimeout(LONGEST_READ_MS, undefined, { ref: false })]);
    child.stdout.destroy();
    child.stderr.destroy();
    return ending;
  });
  return { ended, terminate, kill: () => signal('SIGKILL') };
}

const TIMED_OUT: Ending = {
  kind: 'timed-out',
  signal: constants.signals.SIGTERM,
  message: 'The configured timeout was reached.',
};

function endingOf(code: number | null, name: NodeJS.Signals | null): Ending {
  if (name === null) {
    const exitCode = code ?? 0;
    return {
      kind: 'exited',
      exitCode,
      message: exitCode === 0 ? '' : 'The container exited with an error.',
    };
  }
  const signal = constants.signals[name];
  return { kind: 'signalled', signal, message: `Container terminated on signal ${signal}.` };
}

function signalGroup(group: number, name: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(-group, name);
  } catch {
    // The group is empty.
  }
}
