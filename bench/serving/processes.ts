// Starts and ends the server processes of the serving bench.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export type FromServer = { readonly port: number } | { readonly swapped: boolean };

export interface ServerProcess {
  readonly port: number;
  readonly pid: number;
  /** Resolves with whether the model was swapped. */
  swap(): Promise<boolean>;
  end(): Promise<void>;
}

const SERVER = fileURLToPath(new URL('./server.ts', import.meta.url));

export async function startServer(...args: readonly string[]): Promise<ServerProcess> {
  const child = fork(SERVER, args, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-2000)));
  const [first] = (await Promise.race([once(child, 'message'), died(child, () => errors)])) as [FromServer];
  if (!('port' in first)) throw new Error('the server reported a swap before its port');
  return {
    port: first.port,
    pid: child.pid ?? 0,
    async swap() {
      child.send('swap');
      const [answer] = (await Promise.race([once(child, 'message'), died(child, () => errors)])) as [
        FromServer,
      ];
      return 'swapped' in answer && answer.swapped;
    },
    async end() {
      const ended = once(child, 'exit');
      if (child.exitCode === null && child.kill()) await ended;
    },
  };
}

async function died(child: ChildProcess, errors: () => string): Promise<never> {
  await once(child, 'exit');
  throw new Error(`the server ended: ${errors()}`);
}
