// One cold start: a process of its own, from its spawn to the answer to its first request, in processor time.
import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

export interface Start {
  /** The framework's command, as it is installed. */
  readonly command: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface Request {
  /** `POST` by default; a `GET` carries no body. */
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object;
  /** Whether the answer is that of the work which the bench means to measure. */
  readonly isRight: (status: number, body: string) => boolean;
}

const LONGEST_START_MS = 30_000;
const POLL_MS = 10;

/** Milliseconds of processor time, of user and system, of all threads. Throws when the answer is not the right one. */
export async function cpuToFirstAnswer(
  start: Start,
  request: Request,
): Promise<{ ms: number; body: string }> {
  const port = await freePort();
  const child = spawn(process.execPath, [start.command], {
    cwd: start.cwd,
    env: { ...start.env, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let message = '';
  for (const output of [child.stdout, child.stderr])
    output.on('data', (chunk: Buffer) => (message += String(chunk)));
  try {
    const answer = await firstAnswer(port, request, child);
    const body = await answer.text();
    const ms = cpuMs(child.pid ?? 0);
    if (request.isRight(answer.status, body)) return { ms, body };
    throw new Error(`${start.cwd} answered ${answer.status}: ${body}\n${message}`);
  } finally {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    if (child.exitCode === null && child.kill('SIGKILL')) await ended;
  }
}

async function firstAnswer(
  port: number,
  { method = 'POST', path, headers, body }: Request,
  child: ChildProcess,
): Promise<Response> {
  const deadlineMs = performance.now() + LONGEST_START_MS;
  while (performance.now() < deadlineMs && child.exitCode === null) {
    try {
      return await fetch(`http://127.0.0.1:${port}${path}`, {
        method,
        headers: { 'content-type': 'application/json', ...headers },
        ...(method === 'POST' && { body: JSON.stringify(body) }),
      });
    } catch (error) {
      const { cause } = error as { cause?: { code?: string } };
      if (cause?.code !== 'ECONNREFUSED') throw error;
      await wait(POLL_MS);
    }
  }
  throw new Error(`nothing listened within ${LONGEST_START_MS} ms, or the process ended (${child.exitCode})`);
}

/** As the scheduler of Linux counts it, in nanoseconds; a process's own clock counts in hundredths of a second. */
function cpuMs(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  const spent = threads.map((thread) => readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8'));
  return spent.reduce((sum, line) => sum + Number(line.split(' ', 1)[0]), 0) / 1e6;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
