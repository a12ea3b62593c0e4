// What reaches a function: who may call it, from where, and that a call arrives as it was sent.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fromInside, INSIDE } from '../../../local/functions/inside.ts';
import { INVOKER, openHosted, type Hosted } from './hosted.ts';

const MISMATCH = 'other@p1.iam.gserviceaccount.com';

let hosted: Hosted;
let functions: Hosted['functions'];
let tokens: Hosted['tokens'];
let origin: Hosted['origin'];
let spec: Hosted['spec'];
let call: Hosted['call'];
before(async () => {
  hosted = await openHosted();
  ({ functions, tokens, origin, spec, call } = hosted);
});
after(() => hosted.close());

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

test('other routes of the cloud still get their JSON parsed', async () => {
  const answer = await fetch(`${origin}/parsed`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"a":1}',
  });
  assert.deepEqual(await answer.json(), { parsed: { a: 1 } });
});
