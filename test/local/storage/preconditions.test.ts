// Generation preconditions: which write wins, which gets 412, and what follows a lost answer.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readPreconditions } from '../../../local/storage/preconditions.ts';
import { codeOf, startService } from './service.ts';

const once = (ifGenerationMatch: number) => ({ resumable: false, preconditionOpts: { ifGenerationMatch } });

test('create-only lands once, and then is refused with 412 conditionNotMet', async (context) => {
  const { bucket } = await startService(context);
  await bucket.file('x').save('first', once(0));
  await assert.rejects(bucket.file('x').save('second', once(0)), (error: Error & { errors: object[] }) => {
    assert.match(error.message, /At least one of the pre-conditions you specified did not hold\./);
    assert.match(JSON.stringify(error), /conditionNotMet/);
    return true;
  });
  assert.equal((await bucket.file('x').download())[0].toString(), 'first');
});

test('compare-and-swap by generation lets one of two writers through', async (context) => {
  const { bucket } = await startService(context);
  await bucket.file('x').save('0', once(0));
  const generation = Number((await bucket.file('x').getMetadata())[0].generation);
  await bucket.file('x').save('1', once(generation));
  assert.equal(await codeOf(bucket.file('x').save('2', once(generation))), 412);
  assert.equal((await bucket.file('x').download())[0].toString(), '1');
});

test('however many create the same name at once, exactly one lands, with one event', async (context) => {
  const { bucket, finalized } = await startService(context);
  const writer = fc.record({ resumable: fc.boolean(), bytes: fc.integer({ min: 0, max: 70_000 }) });
  let round = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(writer, { minLength: 2, maxLength: 8 }), async (writers) => {
      const name = `race-${round++}`;
      const texts = writers.map(({ bytes }, at) => `${at}:${'x'.repeat(bytes)}`);
      const ends = await Promise.allSettled(
        writers.map(({ resumable }, at) => bucket.file(name).save(texts[at]!, { ...once(0), resumable })),
      );
      const winners = ends.flatMap((end, at) => (end.status === 'fulfilled' ? [at] : []));
      assert.equal(winners.length, 1);
      for (const end of ends)
        if (end.status === 'rejected') assert.equal((end.reason as { code: number }).code, 412);
      assert.equal((await bucket.file(name).download())[0].toString(), texts[winners[0]!]);
      assert.equal(finalized.filter((object) => object.name === name).length, 1);
    }),
    { numRuns: 15 },
  );
});

test('an answer lost after the commit shows the retrying client a 412 of its own making', async (context) => {
  const { api, bucket } = await startService(context);
  api.faults.plan({ method: 'POST', url: /uploadType=multipart/, action: 'lose-answer' });
  assert.equal(
    await codeOf(bucket.file('x').save('mine', { ...once(0), metadata: { metadata: { token: 't' } } })),
    412,
  );
  assert.deepEqual((await bucket.file('x').getMetadata())[0].metadata, { token: 't' });
  assert.deepEqual(api.faults.unused(), []);
});

test('every verb keeps its conditions', async (context) => {
  const { bucket, origin } = await startService(context);
  await bucket.file('x').save('x', once(0));
  const { generation } = (await bucket.file('x').getMetadata())[0];
  const send = async (method: string, path: string, body?: object) => {
    const answer = await fetch(`${origin}/storage/v1/b/bkt/o/${path}`, {
      method,
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    return answer.status;
  };
  assert.equal(await send('GET', 'x?ifGenerationMatch=7'), 412);
  assert.equal(await send('GET', `x?ifGenerationNotMatch=${generation}`), 304);
  assert.equal(await send('GET', 'x?alt=media&ifMetagenerationNotMatch=1'), 304);
  assert.equal(await send('GET', 'x?ifMetagenerationMatch=2'), 412);
  assert.equal(await send('PATCH', 'x?ifMetagenerationMatch=2', { metadata: { a: 'b' } }), 412);
  assert.equal(await send('PATCH', `x?ifGenerationNotMatch=${generation}`, {}), 412);
  assert.equal(await send('DELETE', 'x?ifGenerationMatch=7'), 412);
  assert.equal(await send('DELETE', 'x?ifMetagenerationNotMatch=1'), 412);
  assert.equal(await send('POST', 'x/rewriteTo/b/bkt/o/x?ifGenerationMatch=0', {}), 412);
  assert.equal(await send('POST', 'x/rewriteTo/b/bkt/o/y?ifSourceGenerationMatch=7', {}), 412);
  assert.equal(await send('POST', 'x/copyTo/b/bkt/o/y?ifSourceMetagenerationNotMatch=1', {}), 412);
  assert.equal(await send('POST', 'x/compose?ifGenerationMatch=0', { sourceObjects: [{ name: 'x' }] }), 412);
  const stale = { sourceObjects: [{ name: 'x', objectPreconditions: { ifGenerationMatch: '7' } }] };
  assert.equal(await send('POST', 'y/compose', stale), 412);
  assert.equal(await send('GET', 'y'), 404);
  assert.equal(await send('GET', `x?ifGenerationMatch=${generation}&ifMetagenerationMatch=1`), 200);
});

test('an empty condition is 400, not no condition', async (context) => {
  const { bucket } = await startService(context);
  const careless = { resumable: false, preconditionOpts: { ifGenerationMatch: '' as unknown as number } };
  assert.equal(await codeOf(bucket.file('x').save('x', careless)), 400);
  assert.deepEqual(await bucket.file('x').exists(), [false]);
  for (const value of ['', '-1', '1.5', 'abc']) {
    assert.throws(() => readPreconditions({ ifMetagenerationMatch: value }), { code: 400 });
  }
});

test('generations never repeat, even when the clock stands still or jumps back', async (context) => {
  let nowMs = 1_700_000_000_000;
  const clock = { now: () => nowMs, at: () => () => {} };
  const { bucket } = await startService(context, { clock });
  const generations: number[] = [];
  for (const jumpMs of [0, 0, -86_400_000, 5]) {
    nowMs += jumpMs;
    await bucket.file('x').save('x', { resumable: false });
    generations.push(Number((await bucket.file('x').getMetadata())[0].generation));
  }
  const sorted = [...generations].sort((a, b) => a - b);
  assert.deepEqual(generations, sorted);
  assert.equal(new Set(generations).size, generations.length);
});
