// Starts and ends the processes of the requests bench, each on a core of its own where the machine can do that.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface Reported {
  readonly port?: number;
  readonly cpuMs?: number;
  readonly calls?: number;
  readonly hints?: number;
}

export interface BenchProcess {
  readonly port: number;
  ask(message?: object): Promise<Reported>;
  end(): Promise<void>;
}

/** Whether processes can be kept on one core: Linux, with the tool of util-linux. */
export const canPin = (): boolean => spawnSync('taskset', ['-V']).status === 0;

export async function startProcess(
  file: 'server.ts' | 'store-stub.ts',
  args: readonly string[],
  core: number,
): Promise<BenchProcess> {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const command = [process.execPath, path, ...args];
  const pinned = canPin() ? ['taskset', '-c', String(core), ...command] : command;
  const [program = '', ...rest] = pinned;
  const child = spawn(program, rest, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-2000)));
  const reported = async (): Promise<Reported> => {
    const [message] = (await Promise.race([once(child, 'message'), died(child, () => errors)])) as [Reported];
    return message;
  };
  const { port = 0 } = await reported();
  return {
    port,
    async ask(message = {}) {
      const answer = reported();
      child.send(message);
      return answer;
    },
    async end() {
      const ended = once(child, 'exit');
      if (child.exitCode === null && child.kill()) await ended;
    },
  };
}

async function died(child: ChildProcess, errors: () => string): Promise<never> {
  await once(child, 'exit');
  throw new Error(`a process of the bench ended: ${errors()}`);
}

/** Keeps this process, which generates the load, off the server's core. */
export function pinHere(core: number): void {
  if (canPin()) spawnSync('taskset', ['-a', '-p', '-c', String(core), String(process.pid)]);
}
