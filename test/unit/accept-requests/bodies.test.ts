// POST /pipeline/run: what a body must be, and the bounds of a request.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ADA, ApiPlace, BOB, refusedAs, type Received } from '../api/api-place.ts';
import { samplePipeline } from '../api/sample-pipeline.ts';
import { body, entriesOf, entryOf, RUN } from './sample-requests.ts';

describe('a body', () => {
  const { accept } = new ApiPlace().open();
  const places = ({ body: { errors } }: Received) =>
    (errors as readonly { readonly pointer?: string }[]).map(({ pointer }) => pointer);

  test('names every field that is wrong, and no other', async () => {
    for (const [sent, expected] of [
      [{}, ['/pipeline']],
      [{ pipeline: 7, priority: 'high', surprise: 1 }, ['/pipeline', '/priority', '/surprise']],
      [body({ max_cost: -1 }), ['/max_cost']],
      [body({ priority: 10 }), ['/priority']],
      [body({ parameters: [] }), ['/parameters']],
      [
        body({ parameters: { seconds: 'long', more: 1, 'a/b~c': 2 } }),
        ['/parameters/seconds', '/parameters/more', '/parameters/a~1b~0c'],
      ],
      [body({ preset: 'huge' }), ['/preset']],
      [body({ preset: 'toString' }), ['/preset']],
      [body({ preset: 'short', parameters: { seconds: 11 } }), ['/parameters/seconds']],
      ['text', ['']],
      [null, ['']],
    ] as const) {
      const received = await accept(RUN, { as: ADA, key: 'k', body: sent });
      refusedAs(received, 422, 'invalid-request');
      assert.deepEqual(places(received), expected, JSON.stringify(sent));
    }
  });

  test('with a field `__proto__` is read without it', async () => {
    const place = new ApiPlace();
    const bytes = Buffer.from('{"pipeline":"sample","parameters":{"__proto__":{"seconds":5},"text":"x"}}');
    const received = await place.open().accept(RUN, { as: ADA, key: 'k', bytes });
    assert.deepEqual((await entryOf(place, received)).parameters, { seconds: 1, text: 'x' });
  });

  test('that is no JSON, no text, too long or of another type is refused', async () => {
    for (const [bytes, headers, status, problem] of [
      ['', {}, 400, 'body-not-json'],
      ['{"pipeline": NaN}', {}, 400, 'body-not-json'],
      [Buffer.from([0x7b, 0xff, 0x7d]), {}, 400, 'body-not-json'],
      ['{}', { 'content-type': 'text/plain' }, 415, 'body-type'],
      ['{}', { 'content-encoding': 'gzip' }, 415, 'body-type'],
      [Buffer.alloc(9_000_000, ' '), {}, 413, 'body-too-long'],
    ] as const) {
      const received = await accept(RUN, { as: ADA, key: 'k', bytes: Buffer.from(bytes), headers });
      refusedAs(received, status, problem);
    }
  });

  test('that is nested too deep is refused', async () => {
    const text = JSON.stringify(body()).replace(
      '"seconds":2',
      `"text":${'['.repeat(5000)}${']'.repeat(5000)}`,
    );
    const received = await accept(RUN, { as: ADA, key: 'k', bytes: Buffer.from(text) });
    refusedAs(received, 422, 'invalid-request');
  });

  test('of 100 kB in any language, with control characters, arrives as it was', async () => {
    const place = new ApiPlace();
    const text = 'Grüße 你好 مرحبا 👩‍👩‍👧 \u0000\u0007\u001b[31m\u2028\u202e\ud800 '.repeat(1500);
    const received = await place
      .open()
      .accept(RUN, { as: ADA, key: 'k', body: body({ parameters: { text } }) });
    assert.equal(received.status, 202, received.text);
    assert.equal((await entryOf(place, received)).parameters['text'], text);
    assert.ok(place.lines.every((line) => !JSON.stringify(line).includes('Grüße')));
  });
});

describe('the bounds of a request', () => {
  test('max_cost below the lowest cost is refused with both numbers', async () => {
    const received = await new ApiPlace()
      .open()
      .accept(RUN, { as: ADA, key: 'k', body: body({ max_cost: 0.000_001 }) });
    refusedAs(received, 422, 'max-cost-too-low');
    assert.equal(received.body['max_cost'], 0.000_001);
    assert.ok(Number(received.body['low']) > 0.000_001);
  });

  test('a run that costs more than may be spent in a day is refused', async () => {
    const place = new ApiPlace([samplePipeline('sample', { spending: { perOwner: 0.000_1, inAll: 1 } })]);
    refusedAs(await place.open().accept(RUN, { as: ADA, key: 'k', body: body() }), 422, 'cost-over-bound');
  });

  test('an owner has so many unfinished jobs and no more, and the others have theirs', async () => {
    const place = new ApiPlace();
    const { accept } = place.open();
    for (const key of ['1', '2', '3'])
      assert.equal((await accept(RUN, { as: ADA, key, body: body() })).status, 202);
    const refused = await accept(RUN, { as: ADA, key: '4', body: body() });
    refusedAs(refused, 429, 'too-many-waiting');
    assert.ok(Number(refused.headers['retry-after']) >= 1);
    refusedAs(await place.open().accept(RUN, { as: ADA, key: '4', body: body() }), 429, 'too-many-waiting');
    assert.equal((await accept(RUN, { as: BOB, key: '4', body: body() })).status, 202);
    // The same key is the same job, also for an owner who may have no more.
    assert.equal((await accept(RUN, { as: ADA, key: '3', body: body() })).status, 202);
    assert.equal((await entriesOf(place)).length, 4);
    const [entry] = await place.requests.list('queue/', 100);
    await place.requests.remove(entry?.name ?? '', entry?.generation ?? '');
    place.nowMs += 1000;
    const owner = entry?.name.split('/')[2];
    const as = owner === (await entriesOf(place)).at(-1)?.name.split('/')[2] ? ADA : BOB;
    assert.equal((await accept(RUN, { as, key: '5', body: body() })).status, 202);
  });

  test('requests that come too fast are refused until their bucket has refilled', async () => {
    const place = new ApiPlace([samplePipeline('sample', { waitingPerOwner: 10_000 })]);
    const { accept } = place.open();
    const send = (key: number) => accept(RUN, { as: ADA, key: String(key), body: body() });
    for (let key = 0; key < 100; key += 1) assert.equal((await send(key)).status, 202);
    const refused = await send(100);
    refusedAs(refused, 429, 'rate-limited');
    assert.equal(refused.headers['retry-after'], '1');
    assert.match(refused.headers['ratelimit'] ?? '', /r=0;t=1/);
    assert.equal((await accept(RUN, { as: BOB, key: 'b', body: body() })).status, 202);
    place.nowMs += 1000;
    assert.equal((await send(100)).status, 202);
  });
});
