// Dead letters: messages that were refused too often are listed, shown, published again and dropped, and none is lost.
import { PubSub } from '@google-cloud/pubsub';
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { findDeadLetters, type DeadLetterFilter } from '../../../cli/actions/dead-letters.ts';
import { LOCAL_PROJECT, localStack, shareDriveFolders } from '../../../cli/local-mesh.ts';
import { plannedResources } from '../../../cli/planned.ts';
import { provision } from '../../../local/provision/provision.ts';
import type { FoundDeadLetter } from '../../../shared/dead-letters/found.ts';
import { good } from '../folders.ts';
import { startMesh, type RunningMesh } from '../start-mesh.ts';
import { auditOf, done, refused } from '../operator-commands.ts';

const RUN = '000001-0123abcd';
const [TO_START, TO_LOAD] = ['run-requested-to-start-run', 'load-requested-to-publish-output'];

let mesh: RunningMesh;
let pubsub: PubSub;
before(async () => {
  // A message that is refused dies within seconds, not minutes.
  mesh = await startMesh({ countsMessages: true, config: { 'sluice:minimumBackoff': '0s' } });
  const options = { projectId: LOCAL_PROJECT, apiEndpoint: new URL(mesh.cloud.endpoint).host };
  // REST (`fallback`, which the client reads and its type leaves out), as the mesh itself publishes.
  pubsub = new PubSub({ ...options, ...{ fallback: true, protocol: 'http' } });
});
after(() => mesh.close());

const find = async (filter: Partial<DeadLetterFilter> = {}): Promise<readonly FoundDeadLetter[]> => {
  const config = {
    GOOGLE_CLOUD_PROJECT: LOCAL_PROJECT,
    GOOGLE_API_ENDPOINT: mesh.cloud.endpoint,
    WAREHOUSE_LOCATION: 'EU',
  };
  const target = {
    config,
    functionUrl: mesh.cloud.functionUrl,
    opened: undefined,
    logFolder: undefined,
    close: async () => {},
  };
  return (await findDeadLetters(target, { ids: [], limit: 50, ...filter })).deadLetters;
};

const publish = (topic: string, text: string, attributes: Record<string, string> = {}) =>
  pubsub.topic(topic).publishMessage({ data: Buffer.from(text), attributes });

const dead = (filter: Partial<DeadLetterFilter>, count: number) =>
  mesh.until(`${count} dead letters`, async () => {
    const deadLetters = await find(filter);
    return deadLetters.length === count ? deadLetters : undefined;
  });

/** Grants what the program grants, but for the named resource. */
async function grantAllBut(left: string | undefined): Promise<void> {
  const { cloud } = mesh;
  const resources = await plannedResources(localStack('carmila'), cloud.functionUrl);
  const members = resources.filter(({ type, name }) => /I[aA][mM]Member$/.test(type) && name !== left);
  const sourceRoot = fileURLToPath(new URL('../../..', import.meta.url));
  await provision(members, { cloud, sourceRoot });
  shareDriveFolders(cloud);
}

test('poison messages become dead letters that say when, how often, of what, and why', async () => {
  const beforeMs = Date.now();
  await publish('run-requested', 'not JSON at all');
  await publish('run-requested', JSON.stringify({ pipeline: 'carmila', run: RUN }), { sender: 'a test' });
  await publish('load-requested', JSON.stringify({ pipeline: 'carmila', run: '../../head', x: 1 }));
  const deadLetters = await dead({}, 3);
  const reasons = Object.fromEntries(
    deadLetters.map(({ deadLetter, reason }) => [deadLetter.data.toString(), reason]),
  );
  assert.match(reasons['not JSON at all'] ?? '', /^start-run: the message is not JSON: "not JSON at all"/);
  const unknown = deadLetters.find(({ run }) => run === RUN);
  assert.match(unknown?.reason ?? '', /^start-run: there is no run 000001-0123abcd of carmila/);
  assert.equal(unknown?.pipeline, 'carmila');
  assert.equal(unknown.deliveries, 10);
  assert.equal(unknown.deadLetter.attributes.sender, 'a test');
  assert.ok(
    Date.parse(unknown.publishedAt) >= beforeMs && unknown.publishedAt <= unknown.deadLetter.deadLetteredAt,
  );
  const path = deadLetters.find(({ deadLetter }) => deadLetter.subscription === TO_LOAD);
  assert.match(path?.reason ?? '', /^publish-output: .*expected a run id/);
  assert.deepEqual([path?.pipeline, path?.run], ['carmila', undefined]);
});

test('looking takes nothing away, and each filter leaves out the others', async () => {
  for (let poll = 0; poll < 3; poll++) assert.equal((await find()).length, 3);
  const texts = async (filter: Partial<DeadLetterFilter>) => (await find(filter)).length;
  assert.equal(await texts({ subscription: TO_START }), 2);
  assert.equal(await texts({ pipeline: 'carmila' }), 2);
  assert.equal(await texts({ run: RUN }), 1);
  assert.equal(await texts({ olderThan: '1h' }), 0);
  assert.equal(await texts({ olderThan: '0s' }), 3);
  assert.equal(await texts({ limit: 1 }), 1);
  const [first] = await find({ limit: 1 });
  assert.deepEqual(
    (await find({ ids: [first?.deadLetter.id ?? ''] })).map(({ deadLetter }) => deadLetter.id),
    [first?.deadLetter.id],
  );
  await assert.rejects(find({ olderThan: 'yesterday' }), /expected a time such as 90s, 30m, 12h or 7d/);
  await assert.rejects(find({ subscription: 'mine' }), /expected one of .*run-requested-to-start-run/);
});

test('a redriven dead letter keeps when it was first published and where it comes from', async () => {
  const [deadLetter] = await find({ run: RUN });
  assert.ok(deadLetter);
  const { message } = await done(mesh, {
    verb: 'redrive',
    subscription: TO_START,
    deadLetters: [deadLetter.deadLetter.id],
    reason: 'the run should be there now',
  });
  assert.match(message, new RegExp(`^Requeued: ${deadLetter.deadLetter.id}\\.`));
  // It is refused again, and so comes back, as another letter of the same message.
  const again = await mesh.until('the message to die again', async () =>
    (await find({ run: RUN })).find((found) => found.deadLetter.id !== deadLetter.deadLetter.id),
  );
  assert.equal(again.publishedAt, deadLetter.publishedAt);
  const { attributes } = again.deadLetter;
  assert.equal(attributes['sluice-original-message-id'], deadLetter.deadLetter.id);
  assert.equal(attributes['sluice-original-publish-time'], deadLetter.publishedAt);
  assert.equal(attributes.sender, 'a test');
  assert.equal(attributes.CloudPubSubDeadLetterSourceSubscription, TO_START);
  assert.equal((await find()).length, 3);
});

test('a dead letter about a finished output is redriven, and the output with it', async () => {
  await grantAllBut('publish-output-pubsub-invoker-invoker');
  mesh.put(good());
  await mesh.fire('tick-carmila');
  const news = await mesh.until('the news to die', async () =>
    (await find({ subscription: 'output-finalized-to-publish-output' })).find(({ deadLetter }) =>
      deadLetter.attributes.objectId?.endsWith('output.json'),
    ),
  );
  await grantAllBut(undefined);
  assert.equal(news.run, (await mesh.newestRun()).run);
  assert.match(news.reason, /no refusal is recorded: its deliveries failed for a passing reason/);
  await done(mesh, {
    verb: 'redrive',
    subscription: 'output-finalized-to-publish-output',
    deadLetters: [news.deadLetter.id],
  });
  const ended = await mesh.until('the outcome', async () => (await mesh.newestRun()).outcome);
  assert.equal(ended.outcome, 'published', ended.reason);
});

test('a dropped letter is gone, with who dropped it and why on the record', async () => {
  const deadLetters = await find({ subscription: TO_START });
  const ids = deadLetters.map(({ deadLetter }) => deadLetter.id);
  assert.equal(ids.length, 2);
  const command = { verb: 'drop', subscription: TO_START, deadLetters: ids, reason: 'a typing error' };
  await done(mesh, command);
  assert.deepEqual(await find({ subscription: TO_START }), []);
  assert.match(await refused(mesh, command), /Deleted: none\. Not found: \d+, \d+/);
  assert.deepEqual(
    (await auditOf(mesh)).map(({ command: { verb, reason }, by }) => `${verb} ${by} ${reason}`),
    [
      'drop operator@local a typing error',
      'drop operator@local a typing error',
      'redrive operator@local a test',
      'redrive operator@local the run should be there now',
    ],
  );
});

test('an event of a deleted object, of no manifest, or of a foreign bucket is acknowledged and changes nothing', async () => {
  const heardBefore = mesh.logLines.length;
  const { length } = await mesh.ledger();
  const news = { subscription: 'output-finalized-to-publish-output' };
  const before = (await find(news)).length;
  const gone = `carmila/${RUN}/attempt-1/output.json`;
  const report = (bucketId: string, objectId: string) =>
    publish('output-finalized', '{"size":2}', { eventType: 'OBJECT_FINALIZE', bucketId, objectId });
  await report(mesh.results.bucket, gone);
  await report(mesh.results.bucket, `carmila/${RUN}/attempt-1/metrics.json`);
  await report(mesh.results.bucket, 'parking/000001-0123abcd/attempt-1/output.json');
  await report('foreign-bucket', gone);
  await mesh.until('every delivery to end', () => mesh.cloud.pubsub.idle() || undefined);
  assert.equal((await find(news)).length, before);
  assert.equal((await mesh.ledger()).length, length);
  for (const message of [
    /^publish-output.*belongs to a pipeline that is not deployed here/,
    /holds the lease/,
  ]) {
    await mesh.logged(message, heardBefore);
  }
});
