// The instances of functions: what each sees, how many calls it takes at once, and how it ends.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { until } from '../../waiting.ts';
import { IDENTITY, openHosted, type Hosted } from './hosted.ts';

let hosted: Hosted;
let functions: Hosted['functions'];
let folder: Hosted['folder'];
let lines: Hosted['lines'];
let spec: Hosted['spec'];
let call: Hosted['call'];
before(async () => {
  hosted = await openHosted();
  ({ functions, folder, lines, spec, call } = hosted);
  functions.ensureFunction(spec({ name: 'hasty', timeoutSeconds: 3 }));
  functions.ensureFunction(
    spec({ name: 'narrow', size: { memory: '512Mi', concurrency: 1, minInstances: 0, maxInstances: 1 } }),
  );
});
after(() => hosted.close());

/** A file, and a call of a function that writes it once `letGo` has been called. */
function heldWork(name: string, fileName: string): [file: string, call: () => Promise<Response>] {
  const file = join(folder, fileName);
  return [file, () => call(`${name}/slow?file=${encodeURIComponent(file)}`)];
}

const letGo = (file: string) => writeFile(`${file}.go`, '');

/** False as well for a process that has ended and only waits to be counted. */
async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return !/\) Z /.test(await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''));
}

const pidOf = async (name: string) => ((await (await call(`${name}/env`)).json()) as { pid: number }).pid;

test('an instance sees its own identity and settings, and nothing of the host', async () => {
  process.env['HOST_SECRET'] = 'not for functions';
  functions.ensureFunction(spec({ name: 'fresh' }));
  const observed = (await (await call('fresh/env')).json()) as {
    env: Record<string, string>;
    flags: string[];
  };
  delete process.env['HOST_SECRET'];
  assert.equal(observed.env['HOST_SECRET'], undefined);
  assert.equal(observed.env['NODE_OPTIONS'], undefined);
  assert.deepEqual(observed.flags, []);
  assert.equal(observed.env['SAMPLE'], 'yes');
  assert.equal(observed.env['IDENTITY_OBSERVED'], IDENTITY);
  assert.equal(observed.env['K_SERVICE'], 'fresh');
  assert.equal(observed.env['FUNCTION_TARGET'], 'sample');
  assert.match(observed.env['PORT'] ?? '', /^\d+$/);
  const log = await until('the log to be written', async () => {
    const text = await readFile(join(folder, 'logs', 'fresh.log'), 'utf8').catch(() => '');
    return text.includes('\n') ? text : undefined;
  });
  assert.equal(log, 'showing the environment\n');
});

test('a request is cut with 504 at its timeout, and the instance finishes its work', async () => {
  const [file, slow] = heldWork('hasty', 'slow.txt');
  const pid = await pidOf('hasty');
  assert.equal((await slow()).status, 504);
  await letGo(file);
  await until('the work to be done', () => readFile(file, 'utf8').catch(() => undefined));
  assert.equal(await pidOf('hasty'), pid);
});

test('a request beyond the places of the function is answered 429, and the place comes free again', async () => {
  const [file, slow] = heldWork('narrow', 'narrow.txt');
  const calls = [slow(), slow(), slow()];
  // The one that has the place is held; the others are refused before it is let go.
  let answered = 0;
  for (const each of calls) void each.then(() => answered++);
  await until('two refusals', () => (answered === 2 ? true : undefined));
  await letGo(file);
  const statuses = (await Promise.all(calls)).map(({ status }) => status);
  assert.deepEqual(statuses.sort(), [200, 429, 429]);
  assert.equal(
    await until('the place to come free', async () =>
      (await call('narrow/env')).status === 200 ? 200 : undefined,
    ),
    200,
  );
});

test('instances times concurrency is how many requests there are at once', async () => {
  const size = { memory: '512Mi', cpu: '1', concurrency: 2, minInstances: 0, maxInstances: 2 };
  functions.ensureFunction(spec({ name: 'wide', size }));
  assert.equal((await call('wide/env')).status, 200);
  const [file, slow] = heldWork('wide', 'wide.txt');
  const calls = [slow(), slow(), slow(), slow(), slow()];
  assert.equal((await Promise.race(calls)).status, 429);
  await letGo(file);
  const statuses = (await Promise.all(calls)).map(({ status }) => status);
  assert.deepEqual(statuses.sort(), [200, 200, 200, 200, 429]);
});

test('a request whose instance dies is answered 500, and the next one meets a new instance', async () => {
  const pid = await pidOf('sample');
  assert.equal((await call('sample/die')).status, 500);
  assert.notEqual(await pidOf('sample'), pid);
});

test('an instance killed in the middle of a request answers 500, and the next request a new one', async () => {
  const pid = await pidOf('sample');
  const [file, slow] = heldWork('sample', 'killed.txt');
  const cut = slow();
  await until('the work to begin', async () => lines.find((line) => line === `sample: beginning ${file}`));
  functions.kill('sample');
  assert.equal((await cut).status, 500);
  assert.notEqual(await pidOf('sample'), pid);
});

test('a source that does not register its entry point is answered 500 with the reason, until it is mended', async () => {
  functions.ensureFunction(spec({ name: 'mute', entryPoint: 'absent' }));
  const answer = await call('mute');
  assert.equal(answer.status, 500);
  assert.ok(
    lines.some((line) => line.includes("Function 'absent' is not defined")),
    lines.join('\n'),
  );
  functions.ensureFunction(spec({ name: 'mute' }));
  assert.equal((await call('mute/env')).status, 200);
});

test('an instance does not outlive a cloud that was killed', async () => {
  const local = (path: string) => JSON.stringify(new URL(`../../../local/${path}`, import.meta.url).href);
  const program = `
    const { Functions } = await import(${local('functions/functions.ts')});
    const { systemClock } = await import(${local('clock.ts')});
    const functions = new Functions({
      clock: systemClock, envOf: async () => ({}), verifyIdToken: async () => undefined,
      mayInvoke: () => true, logFolder: ${JSON.stringify(join(folder, 'killed', 'logs'))},
    });
    functions.ensureFunction(${JSON.stringify(spec({ name: 'orphan' }))});
    await functions.start();
    const { body } = await functions.invoke('orphan', { method: 'GET', path: '/env', headers: {} });
    process.stdout.write(String(JSON.parse(body.toString()).pid) + '\\n');
  `;
  const cloud = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [message] = (await once(cloud.stdout, 'data')) as [Buffer];
  const pid = Number(message.toString());
  assert.ok(await isAlive(pid));
  cloud.kill('SIGKILL');
  await until('the instance to end', async () => ((await isAlive(pid)) ? undefined : true));
});

test('stopping ends every process', async () => {
  const pid = await pidOf('sample');
  await functions.stop();
  assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
  functions.start();
  assert.notEqual(await pidOf('sample'), pid);
});
