// One instance of a function: a child process with an HTTP server in it, from its start to its death.
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { LineLog } from '../run/lines.ts';
import { KEY_HEADER, KEY_VARIABLE } from './instance-key.ts';

const HOST = fileURLToPath(new URL('./host.ts', import.meta.url));
// As long as Cloud Run's startup probe waits.
const LONGEST_START_MS = 240_000;
const LARGEST_ANSWER_BYTES = 32 * 1024 * 1024;
const GRACE_MS = 2_000;
/** Answers that callers read while they are made. */
const EVENTS = /^text\/event-stream\b/;

export interface Call {
  readonly method: string;
  /** Path and query below the function's own URL. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Undefined where none was sent, which is not the same as an empty one. */
  readonly body: Buffer | undefined;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** A stream of events goes on while it is sent. */
  readonly body: Buffer | Readable;
}

/** An instance that is up. `call` rejects when the process dies before it has answered. */
export interface Instance {
  readonly died: Promise<string>;
  call(call: Call): Promise<Answer>;
  kill(): void;
  stop(): Promise<void>;
  /** From here on it does not keep this process from ending, and ends with it. */
  unref(): void;
}

/** Starts a process and waits until it listens; rejects when it ends before, or is not up in time. */
export type StartInstance = (source: InstanceSource, log: LineLog) => Promise<Instance>;

export interface InstanceSource {
  readonly sourceFile: string;
  readonly env: Readonly<Record<string, string>>;
  /** What Node is given before the program. */
  readonly nodeOptions: readonly string[];
}

/** In time: within four minutes. */
export const startInstance: StartInstance = async (source, log) => {
  const key = randomUUID();
  // No flag of this process goes along: what it runs under is not what the function runs under.
  const child = spawn(process.execPath, [...source.nodeOptions, HOST, commandFor(source.sourceFile)], {
    env: { ...source.env, FUNCTION_SOURCE: source.sourceFile, [KEY_VARIABLE]: key },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // In a process group of its own: Ctrl-C is for the cloud, which ends its instances in order.
    detached: true,
  });
  const read = Promise.allSettled([followed(child.stdout, log), followed(child.stderr, log)]);
  const died = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  const port = await Promise.race([
    portOf(child),
    died.then(async (how) => {
      await read;
      throw new Error(`the instance ended before it listened (${how})`);
    }),
  ]);
  return {
    died,
    call: (call) => forward(port, { ...call, headers: { ...call.headers, [KEY_HEADER]: key } }),
    kill: () => void child.kill('SIGKILL'),
    async stop() {
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
      await died;
      clearTimeout(late);
    },
    unref() {
      for (const each of [child, child.channel, child.stdout, child.stderr]) (each as Unreferable).unref();
    },
  };
};

/** Node's types hide it of a pipe that is a socket, and of a channel. */
interface Unreferable {
  unref(): void;
}

/** The framework's command, as the package of the function has it installed. */
function commandFor(sourceFile: string): string {
  for (let folder = dirname(sourceFile); folder !== dirname(folder); folder = dirname(folder)) {
    const command = join(folder, 'node_modules', '.bin', 'functions-framework');
    if (existsSync(command)) return realpathSync(command);
  }
  throw new Error(`no functions framework is installed for ${sourceFile}`);
}

async function followed(output: Readable | null, log: LineLog): Promise<void> {
  if (output !== null) await log.follow(output);
}

function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`the instance did not listen within ${LONGEST_START_MS / 1000} s`));
    }, LONGEST_START_MS);
    child.once('exit', () => clearTimeout(late));
    child.once('message', (message) => {
      clearTimeout(late);
      resolve((message as { port: number }).port);
    });
  });
}

function forward(port: number, call: Call): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      {
        host: '127.0.0.1',
        port,
        method: call.method,
        path: call.path,
        headers: call.body ? { ...call.headers, 'content-length': call.body.length } : call.headers,
        // A connection per request: one kept from an instance that has died would answer for the next.
        agent: false,
      },
      (incoming) => {
        const { statusCode: status = 500, headers } = incoming;
        if (EVENTS.test(headers['content-type'] ?? '')) return resolve({ status, headers, body: incoming });
        const chunks: Buffer[] = [];
        let sizeBytes = 0;
        incoming.on('data', (chunk: Buffer) => {
          sizeBytes += chunk.length;
          if (sizeBytes > LARGEST_ANSWER_BYTES) incoming.destroy(new Error('the answer is over 32 MiB'));
          else chunks.push(chunk);
        });
        incoming.once('error', reject);
        incoming.once('end', () => resolve({ status, headers, body: Buffer.concat(chunks) }));
      },
    );
    outgoing.once('error', reject).end(call.body);
  });
}
