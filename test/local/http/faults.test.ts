// Faults scripted from outside, met by the unmodified Cloud Storage client: the testbench's protocol, at the wire.
import { IdempotencyStrategy, Storage, type Bucket } from '@google-cloud/storage';
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { startService } from '../storage/service.ts';

interface RetryTest {
  readonly id: string;
  readonly instructions: Readonly<Record<string, readonly string[]>>;
  readonly completed: boolean;
}

/** A service with a retry test, and the client whose requests carry its header. */
async function scripted(context: TestContext, instructions: RetryTest['instructions'], maxRetries = 2) {
  const { origin, finalized } = await startService(context);
  const answer = await fetch(`${origin}/retry_test`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ instructions, transport: 'HTTP' }),
  });
  assert.equal(answer.status, 200);
  const { id } = (await answer.json()) as RetryTest;
  const client = new Storage({
    projectId: 'p',
    apiEndpoint: origin,
    retryOptions: {
      idempotencyStrategy: IdempotencyStrategy.RetryAlways,
      maxRetries,
      retryDelayMultiplier: 0.1,
    },
  });
  const bucket: Bucket = client.bucket('bkt');
  const headers = { 'x-retry-test-id': id };
  client.interceptors.push({
    // The client's types ask for a `uri` back, which the options that it hands over may not have.
    request: (options) => Object.assign(options, { headers: { ...options.headers, ...headers } }) as never,
  });
  const left = async () => (await (await fetch(`${origin}/retry_test/${id}`)).json()) as RetryTest;
  return { origin, bucket, finalized, headers, left };
}

const save = (bucket: Bucket, text = 'hello') =>
  bucket.file('a').save(text, { resumable: false, preconditionOpts: { ifGenerationMatch: 0 } });

for (const [what, instruction] of [
  ['429', 'return-429'],
  ['500', 'return-500'],
  ['503', 'return-503'],
  ['a connection that is reset before the work', 'return-reset-connection'],
] as const) {
  test(`${what} once: the client tries again, the object is written once, and the script is consumed`, async (t) => {
    const { bucket, finalized, left } = await scripted(t, { 'storage.objects.insert': [instruction] });
    assert.equal((await left()).completed, false);
    await save(bucket);
    assert.equal(finalized.length, 1);
    assert.deepEqual(await left().then(({ completed, instructions }) => ({ completed, instructions })), {
      completed: true,
      instructions: {},
    });
  });
}

for (const instruction of ['return-reset-connection-after-commit', 'return-503-after-commit']) {
  test(`${instruction}: the write has landed, and its own retry is answered 412`, async (t) => {
    const { bucket, finalized, left } = await scripted(t, { 'storage.objects.insert': [instruction] });
    await assert.rejects(save(bucket), { code: 412 });
    assert.equal(finalized.length, 1);
    assert.equal((await left()).completed, true);
  });
}

test('a body that ends too early is not taken for the whole object', async (t) => {
  const { bucket, left } = await scripted(t, { 'storage.objects.get': ['return-broken-stream'] }, 0);
  await save(bucket, 'x'.repeat(5000));
  await assert.rejects(bucket.file('a').download());
  assert.equal((await left()).completed, true);
  const [whole] = await bucket.file('a').download();
  assert.equal(whole.length, 5000);
});

test('instructions strike in their order, and only requests that carry the header', async (t) => {
  const script = { 'storage.buckets.get': ['return-503', 'return-429'] };
  const { origin, headers, left } = await scripted(t, script);
  const asked = async (headers: Record<string, string>) =>
    (await fetch(`${origin}/storage/v1/b/bkt`, { headers })).status;
  assert.equal(await asked({}), 200);
  assert.equal(await asked(headers), 503);
  assert.deepEqual((await left()).instructions, { 'storage.buckets.get': ['return-429'] });
  assert.deepEqual([await asked(headers), await asked(headers)], [429, 200]);
});

test('an unknown method or instruction is refused by name', async (t) => {
  const { origin } = await startService(t);
  for (const instructions of [
    { 'storage.objects.fold': ['return-503'] },
    { 'storage.objects.get': ['explode'] },
  ]) {
    const answer = await fetch(`${origin}/retry_test`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ instructions }),
    });
    assert.equal(answer.status, 501);
    assert.match(await answer.text(), /storage\.objects\.fold|explode/);
  }
  assert.equal((await fetch(`${origin}/retry_test/nobody`)).status, 404);
});
