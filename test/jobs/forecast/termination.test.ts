// The job is cancelled: Cloud Run sends SIGTERM to the first process of the container, which no signal ends by default.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { environmentAt, MACHINE, SOURCES } from './container.ts';
import { LONGEST_WAIT_MS } from '../../waiting.ts';

/** A process namespace of its own, of which the program is process 1; the second way is for users without rights. */
const AS_FIRST_PROCESS = [
  ['unshare', '--pid', '--fork', '--kill-child', '--'],
  ['unshare', '--user', '--map-root-user', '--pid', '--fork', '--kill-child', '--'],
].find(([program = '', ...args]) => spawnSync(program, [...args, 'true'], { stdio: 'ignore' }).status === 0);

/** The job waits for the answer to its first request, which does not come, when SIGTERM arrives. */
async function terminated(t: TestContext, [program = '', ...args]: readonly string[]) {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const child = spawn(program, args, {
    env: { ...MACHINE, ...environmentAt(origin), ENGINE_FALLBACK: 'seasonal' },
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const end = (signal: NodeJS.Signals) => child.pid !== undefined && process.kill(-child.pid, signal);
  const tooLong = setTimeout(() => end('SIGKILL'), LONGEST_WAIT_MS);
  t.after(() => {
    clearTimeout(tooLong);
    server.close();
  });
  server.once('connection', (socket) => {
    socket.on('error', () => undefined);
    t.after(() => socket.destroy());
    end('SIGTERM');
  });
  let stdout = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  return { code, signal, lastLine: stdout.trimEnd().split('\n').at(-1) ?? '' };
}

async function endsByItself(t: TestContext, command: readonly string[]): Promise<void> {
  const { code, signal, lastLine } = await terminated(t, command);
  assert.deepEqual([code, signal], [143, null]);
  const line = JSON.parse(lastLine) as Record<string, unknown>;
  assert.equal(line['severity'], 'WARNING');
  assert.equal(line['run'], '000001-3fa9c1d2');
  assert.match(String(line['message']), /^forecast ended by SIGTERM: the execution was cancelled or reached/);
}

test('SIGTERM ends the job with code 143 and a line that says why', (t) => endsByItself(t, SOURCES));

test(
  'SIGTERM ends the job as the first process of a container too',
  { skip: AS_FIRST_PROCESS === undefined && 'this machine gives no process namespace' },
  (t) => endsByItself(t, [...(AS_FIRST_PROCESS ?? []), ...SOURCES]),
);
