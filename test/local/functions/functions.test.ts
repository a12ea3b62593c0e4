// The host of the functions: real framework, real processes, real tokens.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../../local/clock.ts';
import { Functions, type FunctionSpec } from '../../../local/functions/functions.ts';
import { fromInside, INSIDE } from '../../../local/functions/inside.ts';
import { functionRoutes } from '../../../local/functions/routes.ts';
import { createApi, OPERATOR, type Api } from '../../../local/http/api.ts';
import { Tokens } from '../../../local/iam/tokens.ts';
import { memoryState } from '../../../local/state/state.ts';
import { until } from '../../waiting.ts';

const INVOKER = 'scheduler@p1.iam.gserviceaccount.com';
const MISMATCH = 'other@p1.iam.gserviceaccount.com';
const IDENTITY = 'sample@p1.iam.gserviceaccount.com';

let folder: string;
let api: Api;
let tokens: Tokens;
let functions: Functions;
let origin: string;
const lines: string[] = [];

const spec = (over: Partial<FunctionSpec> & { name: string }): FunctionSpec => ({
  sourceFile: fileURLToPath(new URL('./sample-function.ts', import.meta.url)),
  entryPoint: 'sample',
  env: { SAMPLE: 'yes' },
  serviceAccountEmail: IDENTITY,
  timeoutSeconds: 30,
  size: { memory: '512Mi', concurrency: 1, minInstances: 0, maxInstances: 4 },
  url: `${origin}/functions/${over.name}`,
  ...over,
});

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'functions-'));
  tokens = await Tokens.open(memoryState());
  api = createApi();
  functions = new Functions({
    clock: systemClock,
    envOf: async (email) => ({ IDENTITY_OBSERVED: email }),
    verifyIdToken: (header, audience) => tokens.verifyIdToken(header, audience),
    mayInvoke: (email) => email === INVOKER,
    mayEveryoneInvoke: (name) => name === 'everyone',
    logFolder: join(folder, 'logs'),
    onLog: ({ name, text }) => lines.push(`${name}: ${text}`),
    longestQueueMs: 50,
  });
  functionRoutes(api.app, functions);
  // The kernel's own parsing stays what it is for everybody else.
  api.app.post('/parsed', async (request) => ({ parsed: request.body }));
  origin = `http://127.0.0.1:${await api.listenAs(OPERATOR)}`;
  functions.ensureFunction(spec({ name: 'sample' }));
  functions.ensureFunction(spec({ name: 'hasty', timeoutSeconds: 3 }));
  functions.ensureFunction(
    spec({ name: 'narrow', size: { memory: '512Mi', concurrency: 1, minInstances: 0, maxInstances: 1 } }),
  );
  functions.start();
});
after(async () => {
  await functions.stop();
  await api.close();
  await rm(folder, { recursive: true, force: true });
});

async function call(path: string, init: RequestInit = {}, email = INVOKER): Promise<Response> {
  const name = /^[^/?]+/.exec(path)?.[0];
  const token = await tokens.mintIdToken(email, `${origin}/functions/${name}`);
  return fetch(`${origin}/functions/${path}`, {
    ...init,
    headers: { authorization: `Bearer ${token}`, ...init.headers },
  });
}

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

test('a call without a token is answered 403, even one of the operator', async () => {
  assert.equal((await fetch(`${origin}/functions/sample/echo`)).status, 403);
});

test('a token for another audience is answered 401', async () => {
  const token = await tokens.mintIdToken(INVOKER, `${origin}/functions/hasty`);
  const answer = await fetch(`${origin}/functions/sample/echo`, {
    headers: { authorization: `Bearer ${token}` },
  });
  assert.equal(answer.status, 401);
});

test('a caller who may not invoke the function is answered 403', async () => {
  assert.equal((await call('sample/echo', {}, MISMATCH)).status, 403);
});

test('from outside, a function with internal ingress is not there; from within, the token decides', async () => {
  functions.ensureFunction(spec({ name: 'inner', isInternal: true }));
  assert.equal((await call('inner/echo')).status, 404);
  const send = fromInside(async ({ headers }) => (await call('inner/echo', { headers })).status);
  assert.equal(await send({ headers: {} }), 200);
  const mismatch = fromInside(
    async ({ headers }) => (await call('inner/echo', { headers }, MISMATCH)).status,
  );
  assert.equal(await mismatch({ headers: {} }), 403);
});

test('what lets a call count as internal never reaches the function', async () => {
  const observed = new Map<string, unknown>();
  const send = fromInside(async ({ headers }) => {
    const answer = await call('sample/echo', { headers });
    for (const entry of Object.entries(((await answer.json()) as { headers: object }).headers))
      observed.set(...entry);
    return answer.status;
  });
  assert.equal(await send({ headers: { 'x-seen': 'yes' } }), 200);
  assert.equal(observed.get('x-seen'), 'yes');
  assert.equal(observed.has(INSIDE), false);
});

test('a function that does not exist is answered 404', async () => {
  assert.equal((await call('nobody')).status, 404);
});

test('method, path, query, headers and raw body reach the function as they were sent', async () => {
  const answer = await call('sample/echo?a=1&b=%20', {
    method: 'PUT',
    headers: { 'content-type': 'application/json', 'ce-id': '7', 'x-cloudscheduler-jobname': 'hourly' },
    body: '{ "spaces":   "kept" }',
  });
  assert.equal(answer.headers.get('x-seen-method'), 'PUT');
  const observed = (await answer.json()) as { url: string; headers: Record<string, string>; body: string };
  assert.equal(observed.url, '/echo?a=1&b=%20');
  assert.equal(observed.headers['ce-id'], '7');
  assert.equal(observed.headers['x-cloudscheduler-jobname'], 'hourly');
  assert.equal(observed.body, '{ "spaces":   "kept" }');
});

test('a request without a body has none at the function either, and its token no signature', async () => {
  const observed = (await (await call('sample/echo')).json()) as {
    headers: Record<string, string>;
    body?: string;
  };
  assert.equal(observed.headers['content-length'], undefined);
  assert.equal(observed.headers['transfer-encoding'], undefined);
  assert.equal(observed.body, undefined);
  assert.match(observed.headers['authorization'] ?? '', /^Bearer \S+\.SIGNATURE_REMOVED_BY_GOOGLE$/);
});

test('a function that is open to everyone is called with any token or none, and receives the token as it is', async () => {
  functions.ensureFunction(spec({ name: 'everyone' }));
  functions.ensureFunction(spec({ name: 'unchecked', isUnchecked: true }));
  for (const name of ['everyone', 'unchecked']) {
    const url = `${origin}/functions/${name}/echo`;
    assert.equal((await fetch(url)).status, 200);
    const answer = await fetch(url, { headers: { authorization: 'Bearer a.b.c' } });
    const { headers } = (await answer.json()) as { headers: Record<string, string> };
    assert.equal(headers['authorization'], 'Bearer a.b.c');
  }
});

test('a body over 32 MiB is refused', async () => {
  const answer = await call('sample/echo', { method: 'POST', body: Buffer.alloc(32 * 1024 * 1024 + 1) });
  assert.equal(answer.status, 413);
});

test('a thrown error is a 500', async () => {
  assert.equal((await call('sample/throw')).status, 500);
});

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

test('other routes of the cloud still get their JSON parsed', async () => {
  const answer = await fetch(`${origin}/parsed`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"a":1}',
  });
  assert.deepEqual(await answer.json(), { parsed: { a: 1 } });
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
