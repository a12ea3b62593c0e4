// The contract of the dead-letters port, through the unmodified Pub/Sub client: all are leased, and given back.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { holding, type DeadLetters } from '../../shared/dead-letters/dead-letters.ts';
import { deadLettersOf } from '../../shared/deployment.ts';
import { pubsubDeadLetters } from '../../shared/google/dead-letters.ts';
import { startMesh, PROJECT, type WatchedMesh } from './cloud.ts';

const LARGEST_PUBLICATION = 1000;

let mesh: WatchedMesh;
let port: DeadLetters;
before(async () => {
  mesh = await startMesh();
  port = pubsubDeadLetters(mesh.config);
});
after(() => mesh.close());

for (const [subscription, count] of [
  ['run-requested-to-start-run', 1001],
  ['load-requested-to-publish-output', 2500],
] as const) {
  test(`${count} dead letters are all held, and all are there again afterwards`, async () => {
    const published = plantDeadLetters(deadLettersOf(subscription), count);
    for (const time of ['first', 'second']) {
      const held = await holding(port, subscription, async ({ deadLetters, isAll }) => ({
        deadLetters,
        isAll,
      }));
      assert.deepEqual(held.deadLetters.map(({ id }) => id).sort(), published.toSorted(), time);
      assert.equal(held.isAll, true, time);
    }
  });
}

test('one dead letter of many is acknowledged, and no other', async () => {
  const subscription = 'output-finalized-to-publish-output';
  const published = plantDeadLetters(deadLettersOf(subscription), 1200);
  await holding(port, subscription, async ({ deadLetters }, forget) => {
    const last = deadLetters.find(({ id }) => id === published.at(-1));
    assert.ok(last);
    await forget(last);
  });
  const left = await holding(port, subscription, async ({ deadLetters }) => deadLetters.map(({ id }) => id));
  assert.deepEqual(left.sort(), published.slice(0, -1).sort());
});

/** Makes the subscription as infra does, and gives the ids of what is published to it. */
function plantDeadLetters(name: string, count: number): readonly string[] {
  const { pubsub } = mesh.cloud;
  const topic = `projects/${PROJECT}/topics/${name}`;
  pubsub.createTopic({ name: topic, labels: {} });
  pubsub.createSubscription({
    name: `projects/${PROJECT}/subscriptions/${name}`,
    topic,
    ackDeadlineSeconds: 60,
  });
  const ids: string[] = [];
  for (let from = 0; from < count; from += LARGEST_PUBLICATION) {
    const length = Math.min(LARGEST_PUBLICATION, count - from);
    const message = { data: Buffer.from('{"pipeline":"p"}').toString('base64') };
    ids.push(
      ...pubsub.publish(
        topic,
        Array.from({ length }, () => message),
      ),
    );
  }
  return ids;
}
