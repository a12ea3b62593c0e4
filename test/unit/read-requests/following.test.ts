// How read-requests lets a caller follow a job: waits and streams of events.
import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { ADA, refusedAs } from '../api/api-place.ts';
import { JobPlace, stateIn } from './job-place.ts';

describe('a job that is followed', () => {
  let place: JobPlace;
  beforeEach(() => {
    place = new JobPlace();
  });
  const request: JobPlace['request'] = (...given) => place.request(...given);

  const eventsIn = (text: string) =>
    [...text.matchAll(/^id: (.+)\nevent: job\ndata: (.+)$/gm)].map(([, id = '', data = '']) => ({
      id,
      job: JSON.parse(data) as { state: string },
    }));

  test('with `Prefer: wait` is answered at its next change, or after the wait', async () => {
    const job = await request();
    await job.take();
    let waits = 0;
    place.onWait = async () => {
      waits += 1;
      if (waits === 3) await job.start();
    };
    const { etag = '' } = (await job.get()).headers;
    const changed = await job.get({ prefer: 'respond-async, wait=20', 'if-none-match': etag });
    assert.deepEqual(
      [changed.status, stateIn(changed), changed.headers['preference-applied'], waits],
      [200, 'starting', 'wait', 3],
    );
    const beganMs = place.nowMs;
    const unchanged = await job.get({ prefer: 'wait=500', 'if-none-match': changed.headers['etag'] ?? '' });
    assert.equal(unchanged.status, 304);
    assert.equal(place.nowMs - beganMs, 20_000);
    await job.end('failed');
    assert.equal((await job.get({ prefer: 'wait=20' })).status, 200);
  });

  test('is streamed at each change until it is done, and a client that reconnects misses and repeats nothing', async () => {
    const job = await request();
    await job.take();
    let waits = 0;
    place.onWait = async () => {
      waits += 1;
      if (waits === 2) await job.start();
      if (waits === 20) await job.end('published');
    };
    const streamed = await place.functions.read(`GET /pipeline/job/${job.id}/events`, { as: ADA });
    assert.equal(streamed.headers['content-type'], 'text/event-stream; charset=utf-8');
    const events = eventsIn(streamed.text);
    assert.deepEqual(
      events.map(({ job: { state } }) => state),
      ['queued', 'starting', 'succeeded'],
    );
    assert.match(streamed.text, /^retry: 1000\n\n/);
    assert.match(streamed.text, /\n: still here\n/);
    const resumed = await place.functions.read(`GET /pipeline/job/${job.id}/events`, {
      as: ADA,
      headers: { 'last-event-id': events[1]?.id ?? '' },
    });
    assert.deepEqual(
      eventsIn(resumed.text).map(({ job: { state } }) => state),
      ['succeeded'],
    );
    const done = await place.functions.read(`GET /pipeline/job/${job.id}/events`, {
      as: ADA,
      headers: { 'last-event-id': events[2]?.id ?? '' },
    });
    assert.deepEqual([done.status, done.text], [204, '']);
  });

  test('is streamed for 55 seconds at most', async () => {
    const job = await request();
    await job.take();
    const beganMs = place.nowMs;
    const streamed = await place.functions.read(`GET /pipeline/job/${job.id}/events`, { as: ADA });
    assert.equal(place.nowMs - beganMs, 55_000);
    assert.equal(eventsIn(streamed.text).length, 1);
  });

  test('is followed by so many at once and no more', async () => {
    const job = await request();
    await job.take();
    place.onWait = () => new Promise(() => undefined);
    const held = Array.from({ length: 60 }, () =>
      place.functions.read(`GET /pipeline/job/${job.id}/events`, { as: ADA }),
    );
    await new Promise((resolve) => setTimeout(resolve, 300));
    refusedAs(
      await place.functions.read(`GET /pipeline/job/${job.id}/events`, { as: ADA }),
      429,
      'rate-limited',
    );
    assert.equal((await job.get({ prefer: 'wait=20' })).headers['preference-applied'], undefined);
    assert.equal(held.length, 60);
  });
});
