// A finalized object becomes an event that a function is called with, again until it answers well.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import * as functions from '@google-cloud/functions-framework';
import { getTestServer } from '@google-cloud/functions-framework/testing';
import { VirtualClock } from '../../../local/clock.ts';
import { Eventarc, OBJECT_FINALIZED } from '../../../local/eventarc/eventarc.ts';
import { countedIds } from '../../../local/ids.ts';
import { postOverHttp } from '../../../local/pubsub/post.ts';
import { type Post, PubSub } from '../../../local/pubsub/pubsub.ts';
import { memoryState } from '../../../local/state/state.ts';

const TRIGGER = 'projects/p/locations/europe-west1/triggers/load-output';
const OBJECT = {
  kind: 'storage#object',
  bucket: 'results',
  name: 'carmila/r1/output.json',
  generation: '1736121600000000',
  size: '12',
  timeCreated: '2025-01-06T00:00:00.000Z',
};

function openTrigger(post: Post, o: { retry: boolean; destinationUrl?: string }) {
  const state = memoryState();
  const clock = new VirtualClock();
  const newId = countedIds();
  const mintIdToken = async (email: string, audience: string) => `${email} for ${audience}`;
  const pubsub = new PubSub({ state, clock, newId, chance: () => 0, post, mintIdToken });
  const eventarc = new Eventarc({ state, pubsub, clock, newId });
  eventarc.ensureTrigger({
    name: TRIGGER,
    eventType: OBJECT_FINALIZED,
    bucket: 'results',
    destinationUrl: o.destinationUrl ?? 'http://127.0.0.1:9/',
    serviceAccountEmail: 'trigger@p',
    retry: o.retry,
  });
  pubsub.start();
  return { state, clock, pubsub, eventarc };
}

type Push = Parameters<Post>[0];

const settled = async () => {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
};

test('a finished object is pushed as a CloudEvent in binary mode, under the identity of the trigger', async () => {
  const pushes: Push[] = [];
  const { eventarc, pubsub } = openTrigger(async (push) => pushes.push(push) && 204, { retry: true });
  eventarc.objectFinalized(OBJECT);
  await settled();
  assert.deepEqual(JSON.parse(pushes[0]?.body ?? ''), OBJECT);
  const { 'user-agent': agent, 'ce-id': id, ...headers } = pushes[0]?.headers ?? {};
  assert.match(agent ?? '', /^APIs-Google/);
  assert.match(id ?? '', /^[0-9a-f-]{36}$/);
  assert.deepEqual(headers, {
    authorization: 'Bearer trigger@p for http://127.0.0.1:9/',
    'content-type': 'application/json',
    'ce-specversion': '1.0',
    'ce-type': 'google.cloud.storage.object.v1.finalized',
    'ce-source': '//storage.googleapis.com/projects/_/buckets/results',
    'ce-subject': 'objects/carmila/r1/output.json',
    'ce-time': '2025-01-06T00:00:00.000Z',
    'ce-bucket': 'results',
  });
  assert.equal(pushes.length, 1);
  assert.equal(pubsub.idle(), true);
});

test('an object in another bucket is nobody’s event', async () => {
  const { eventarc, pubsub } = openTrigger(async () => 500, { retry: true });
  eventarc.objectFinalized({ ...OBJECT, bucket: 'runs' });
  assert.equal(pubsub.idle(), true);
});

test('an object that is not made leaves no event', async () => {
  const { eventarc, pubsub, state } = openTrigger(async () => 500, { retry: true });
  assert.throws(() =>
    state.transaction(() => {
      eventarc.objectFinalized(OBJECT);
      throw new Error('the object was not made');
    }),
  );
  assert.equal(pubsub.idle(), true);
});

test('with retry an event comes again after 10 s, doubling to 600 s, for 24 hours, always with the same id', async () => {
  const pushes: (Push & { atMs: number })[] = [];
  const opened = openTrigger(async (push) => pushes.push({ ...push, atMs: opened.clock.now() }) && 500, {
    retry: true,
  });
  const { eventarc, clock, pubsub } = opened;
  eventarc.objectFinalized(OBJECT);
  await settled();
  for (let passed = 0; passed < 25 * 360; passed++) {
    clock.advance(10_000);
    if (clock.nextDueMs() !== undefined) await new Promise((resolve) => setImmediate(resolve));
  }
  const gapsSeconds = pushes.slice(1).map((push, index) => (push.atMs - (pushes[index]?.atMs ?? 0)) / 1000);
  assert.deepEqual(gapsSeconds.slice(0, 8), [10, 20, 40, 80, 160, 320, 600, 600]);
  assert.equal(new Set(pushes.map((push) => push.headers['ce-id'])).size, 1);
  const lastMs = (pushes.at(-1)?.atMs ?? 0) - (pushes[0]?.atMs ?? 0);
  assert.ok(lastMs < 86_400_000 && lastMs > 85_000_000, `the last try came after ${lastMs} ms`);
  assert.equal(pubsub.idle(), true);
});

test('without retry a refused event is dropped', async () => {
  const pushes: Push[] = [];
  const { eventarc, clock, pubsub } = openTrigger(async (push) => pushes.push(push) && 500, { retry: false });
  eventarc.objectFinalized(OBJECT);
  await settled();
  clock.advance(3_600_000);
  await settled();
  assert.equal(pushes.length, 1);
  assert.equal(pubsub.idle(), true);
});

test('a name outside ASCII is percent-encoded in the header and whole in the data', async () => {
  const pushes: Push[] = [];
  const { eventarc } = openTrigger(async (push) => pushes.push(push) && 204, { retry: true });
  const name = 'été 100%/"flux"😀.csv';
  eventarc.objectFinalized({ ...OBJECT, name });
  await settled();
  const encoded = '%C3%A9t%C3%A9%20100%25/%22flux%22%F0%9F%98%80.csv';
  assert.equal(pushes[0]?.headers['ce-subject'], `objects/${encoded}`);
  assert.equal((JSON.parse(pushes[0]?.body ?? '') as { name: string }).name, name);
});

test('the functions framework receives the event as its handler expects it', async () => {
  const seen = Promise.withResolvers<functions.CloudEvent<unknown>>();
  functions.cloudEvent('local-eventarc-test', (event: functions.CloudEvent<unknown>) => seen.resolve(event));
  const server = getTestServer('local-eventarc-test').listen(0, '127.0.0.1');
  await once(server, 'listening');
  const destinationUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const { eventarc, pubsub } = openTrigger(postOverHttp, { retry: true, destinationUrl });
  try {
    eventarc.objectFinalized(OBJECT);
    const event = await seen.promise;
    assert.equal(event.type, OBJECT_FINALIZED);
    assert.equal(event.source, '//storage.googleapis.com/projects/_/buckets/results');
    assert.equal(event.subject, 'objects/carmila/r1/output.json');
    assert.deepEqual(event.data, OBJECT);
  } finally {
    await pubsub.stop();
    server.close();
  }
});

test('other kinds of events, and names that are no trigger, are refused', () => {
  const { eventarc } = openTrigger(async () => 204, { retry: true });
  const trigger = {
    name: TRIGGER,
    eventType: 'google.cloud.storage.object.v1.deleted',
    bucket: 'b',
    destinationUrl: 'http://127.0.0.1:9/',
    serviceAccountEmail: 'trigger@p',
    retry: true,
  };
  assert.throws(() => eventarc.ensureTrigger(trigger), { code: 501 });
  const unnamed = { ...trigger, eventType: OBJECT_FINALIZED, name: 'load-output' };
  assert.throws(() => eventarc.ensureTrigger(unnamed), { code: 400 });
});
