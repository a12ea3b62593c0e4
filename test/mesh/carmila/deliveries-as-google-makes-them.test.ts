// Events and messages in every form in which Google publishes them: each is read, and a run is published once.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { readRun } from '../../../shared/history/history.ts';
import { manifestObject } from '../../../shared/runs/names.ts';
import { binary, deliver, push, structured, type Parcel } from '../invokers.ts';
import { editsOf } from '../edits.ts';
import { startMesh, type RunningMesh } from '../start-mesh.ts';

let mesh: RunningMesh;
/** While true, no finalize event is delivered: the test sends it in a form of its own. */
let byHand = false;
const { edit, publishedOnce } = editsOf(() => mesh);
before(async () => {
  mesh = await startMesh({
    interference: ({ topic }) => (byHand && topic.endsWith('/output-finalized') ? 'lose' : 'deliver'),
  });
  edit();
  assert.equal((await mesh.tick()).outcome, 'published');
});
after(() => mesh.close());

const finalized = (bucket: string) => ({
  specversion: '1.0',
  id: randomUUID(),
  type: 'google.cloud.storage.object.v1.finalized',
  source: `//storage.googleapis.com/projects/_/buckets/${bucket}`,
  subject: 'objects/of-the-data',
  time: '2026-11-21T08:00:00.000Z',
});
const published = (id: string) => ({
  specversion: '1.0',
  id,
  type: 'google.cloud.pubsub.topic.v1.messagePublished',
  source: '//pubsub.googleapis.com/projects/p/topics/load-requested',
  time: '2026-11-21T08:00:00.000Z',
});

/** The object resource as Google writes it, and with its numbers as numbers. */
const RESOURCES: readonly (readonly [what: string, numbers: object])[] = [
  ['strings', { size: '812', generation: '1763712000123456', metageneration: '1' }],
  ['numbers', { size: 812, generation: 1763712000123456, metageneration: 1 }],
];

for (const [numbers, resource] of RESOURCES) {
  for (const [mode, wrap] of [
    ['binary', binary],
    ['structured', structured],
  ] as const) {
    test(`a finalize event in ${mode} mode, its sizes and generations ${numbers}, leads to the publication`, async () => {
      byHand = true;
      edit();
      assert.equal(await mesh.fire('tick-carmila'), 200);
      const { run } = await mesh.until('a run', async () => {
        const newest = await mesh.newestRun();
        return newest.outcome === undefined ? newest : undefined;
      });
      const name = manifestObject('carmila', run, 1);
      await mesh.until('the manifest', () => mesh.results.info(name));
      const { bucket } = mesh.results;
      const data = { kind: 'storage#object', bucket, name, contentType: 'application/json', ...resource };
      assert.equal(await deliver(mesh, 'publish-output', wrap(finalized(bucket), data)), 204);
      byHand = false;
      await publishedOnce();
    });
  }
}

const WHEN = '2026-11-21T08:00:00.000Z';
const FORMS: readonly (readonly [what: string, parcel: (id: string, data: string) => Parcel])[] = [
  [
    'a push with both spellings of the id and the time',
    (id, data) =>
      push({ data, messageId: id, message_id: id, publishTime: WHEN, publish_time: WHEN, attributes: {} }),
  ],
  ['a push with messageId alone', (id, data) => push({ data, messageId: id, publishTime: WHEN })],
  ['a push with message_id alone', (id, data) => push({ data, message_id: id, publish_time: WHEN })],
  [
    'a CloudEvent in binary mode',
    (id, data) =>
      binary(published(id), { message: { data, messageId: id }, subscription: 's', deliveryAttempt: 1 }),
  ],
  [
    'a CloudEvent in structured mode',
    (id, data) => structured(published(id), { message: { data, message_id: id }, subscription: 's' }),
  ],
];

const replays = async (run: string) => (await readRun(mesh.runs, 'carmila', run))?.replays ?? [];

for (const [index, [what, parcel]] of FORMS.entries()) {
  test(`${what} is one replay, however often and in whatever form the same message comes`, async () => {
    const { run } = await mesh.newestRun();
    const before = await replays(run);
    const data = Buffer.from(JSON.stringify({ pipeline: 'carmila', run })).toString('base64');
    const id = `30${index}`;
    assert.equal(await deliver(mesh, 'publish-output', parcel(id, data)), 204);
    // Again, in another form: it is known by its id.
    const [, other] = FORMS[(index + 1) % FORMS.length] ?? assert.fail();
    assert.equal(await deliver(mesh, 'publish-output', other(id, data)), 204);
    const after = await replays(run);
    assert.equal(after.length, before.length + 1);
    assert.ok(after.every(({ outcome }) => outcome.outcome === 'published'));
  });
}
