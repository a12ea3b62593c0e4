// Bad messages and events, by the road that all take: each ends in a dead letter or a record, with its reason, and
// the table stays as it was.
import { PubSub } from '@google-cloud/pubsub';
import { Storage } from '@google-cloud/storage';
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { LOCAL_PROJECT } from '../../../cli/local-mesh.ts';
import { readJson } from '../../../shared/objects/json.ts';
import { replayObject } from '../../../shared/runs/names.ts';
import { runOutcome, type RunOutcome } from '../../../shared/runs/outcome.ts';
import { binary, deliver } from '../invokers.ts';
import { deliveries } from '../deliveries.ts';
import { withVisitors } from '../folders.ts';
import { startMesh, type RunningMesh } from '../start-mesh.ts';

const PROJECT = `projects/${LOCAL_PROJECT}`;
const ROADS = {
  'run-requested': 'run-requested-to-start-run',
  'load-requested': 'load-requested-to-publish-output',
} as const;
type Topic = keyof typeof ROADS;
const TOPICS = Object.keys(ROADS) as Topic[];

let mesh: RunningMesh;
let client: PubSub;
let bucket: ReturnType<Storage['bucket']>;
/** Three published runs; the last of them is in the table. */
const runs: string[] = [];
let table = '';
before(async () => {
  mesh = await startMesh();
  const endpoint = mesh.cloud.endpoint;
  // REST (`fallback`, which the client reads and its type leaves out), as the mesh itself publishes.
  const rest = { fallback: true, protocol: 'http' };
  client = new PubSub({ projectId: LOCAL_PROJECT, apiEndpoint: new URL(endpoint).host, ...rest });
  bucket = new Storage({ projectId: LOCAL_PROJECT, apiEndpoint: endpoint }).bucket(mesh.results.bucket);
  for (const visitors of [100, 200, 300]) {
    mesh.put(withVisitors(visitors));
    runs.push((await mesh.tick()).run ?? '');
  }
  table = await mesh.published();
  // As an operator may: fewer deliveries and no pause between them, or each poison would take minutes.
  for (const name of Object.values(ROADS)) {
    mesh.cloud.pubsub.updateSubscription(`${PROJECT}/subscriptions/${name}`, {
      retryPolicy: { minimumBackoff: '0s', maximumBackoff: '0s' },
      deadLetterPolicy: {
        deadLetterTopic: `${PROJECT}/topics/${name}-dead-letter`,
        maxDeliveryAttempts: DELIVERIES,
      },
    });
  }
});
after(() => mesh.close());

const DELIVERIES = 5;
const NINE_MEGABYTES = 9_000_000;
const RUN = '000001-0123abcd';
const json = (value: unknown) => Buffer.from(JSON.stringify(value));

interface Poison {
  readonly what: string;
  readonly data?: Buffer;
  readonly attributes?: Record<string, string>;
  /** What the log says of it. */
  readonly says: RegExp;
}

const POISONS: readonly Poison[] = [
  {
    what: 'is not JSON',
    data: Buffer.from('run it, please'),
    says: /the message is not JSON: .{0,4}run it, please/,
  },
  {
    what: 'has 9 MB of text',
    data: Buffer.alloc(NINE_MEGABYTES, 'x'),
    says: /the message is not JSON: .{0,4}x{200}…/,
  },
  {
    what: 'has 9 MB of JSON',
    data: json({ pipeline: 'carmila', run: RUN, [`k${'x'.repeat(NINE_MEGABYTES)}`]: 1 }),
    says: /has the wrong form: .*Unrecognized key/,
  },
  {
    what: "has a path for the run's name",
    data: json({ pipeline: 'carmila', run: '../../000001-0123abcd' }),
    says: /run: expected a run id like/,
  },
  {
    what: "has SQL for the pipeline's name",
    data: json({ pipeline: "carmila'; DROP TABLE predictions_carmila; --", run: RUN }),
    says: /pipeline: expected a pipeline name/,
  },
  {
    what: 'names a pipeline that is not deployed',
    data: json({ pipeline: 'parking', run: RUN }),
    says: /there is no pipeline .{0,2}parking.{0,2}: expected one of carmila/,
  },
  {
    what: 'has attributes only',
    attributes: { pipeline: 'carmila', run: RUN },
    says: /no data, only the attributes pipeline, run; expected JSON/,
  },
];

/** Why a message to the topic cannot be tried in this mode, or false. */
const unheard = (topic: Topic): string | false =>
  deliveries === 'never' && topic === 'run-requested' ? 'in this mode nothing reaches run-requested' : false;

for (const topic of TOPICS) {
  for (const { what, data, attributes, says } of POISONS) {
    test(
      `a message to ${topic} that ${what} is a dead letter, whole, and its reason is in the log`,
      { skip: unheard(topic) },
      async () => {
        const heardBefore = mesh.logLines.length;
        await client
          .topic(topic)
          .publishMessage({ ...(data && { data }), ...(attributes && { attributes }) });
        const deadLetter = await deadLetterOf(topic);
        assert.equal(deadLetter.data, (data ?? Buffer.alloc(0)).toString('base64'));
        assert.equal(deadLetter.attributes['CloudPubSubDeadLetterSourceDeliveryCount'], String(DELIVERIES));
        for (const [name, value] of Object.entries(attributes ?? {}))
          assert.equal(deadLetter.attributes[name], value);
        await mesh.logged(says, heardBefore);
        assert.ok(
          mesh.logLines.slice(heardBefore).every((line) => line.length < 10_000),
          'a line of the log holds the poison',
        );
        await untouched();
      },
    );
  }
}

/** The next dead letter of the topic's subscription, taken off. In a mode that doubles, its twin goes too. */
async function deadLetterOf(topic: Topic) {
  const name = `${PROJECT}/subscriptions/${ROADS[topic]}-dead-letter`;
  return mesh.until('the dead letter', async () => {
    if (!mesh.cloud.pubsub.idle()) return undefined;
    const deadLetters = await mesh.cloud.pubsub.pull(name, 100);
    mesh.cloud.pubsub.acknowledge(
      name,
      deadLetters.map(({ ackId }) => ackId),
    );
    return deadLetters[0];
  });
}

async function untouched(): Promise<void> {
  assert.equal(await mesh.published(), table);
  assert.deepEqual(await mesh.ledger(), runs);
}

test(
  'a run-requested message for a run that was never requested is a dead letter',
  { skip: unheard('run-requested') },
  async () => {
    const heardBefore = mesh.logLines.length;
    await client
      .topic('run-requested')
      .publishMessage({ json: { pipeline: 'carmila', run: '000777-0123abcd' } });
    await deadLetterOf('run-requested');
    const says =
      /there is no run 000777-0123abcd of carmila: carmila\/000777-0123abcd\/request\.json does not exist/;
    await mesh.logged(says, heardBefore);
    await untouched();
  },
);

const output = (run: string) => `carmila/${run}/attempt-1/`;

/** Each spoils an output, or names one that is not, and gives the run to replay. */
const HOPELESS: readonly (readonly [
  what: string,
  spoil: () => Promise<string>,
  ends: string,
  says: RegExp,
])[] = [
  ['never was', () => Promise.resolve('000777-0123abcd'), 'failed', /has no stored output/],
  [
    'has lost its rows',
    async () => {
      await bucket.file(`${output(runs[0] ?? '')}predictions.csv`).delete();
      return runs[0] ?? '';
    },
    'quarantined',
    /predictions\.csv does not exist, but the manifest names it/,
  ],
  [
    'has lost its manifest',
    async () => {
      await bucket.file(`${output(runs[0] ?? '')}output.json`).delete();
      return runs[0] ?? '';
    },
    'failed',
    /has no stored output; expected carmila\/.*\/attempt-1\/output\.json/,
  ],
  [
    'was tampered with, and kept its size',
    async () => {
      const file = bucket.file(`${output(runs[1] ?? '')}predictions.csv`);
      const [rows] = await file.download();
      rows[rows.length - 2] = rows.at(-2) === 0x31 ? 0x32 : 0x31;
      await file.save(rows, { resumable: false });
      return runs[1] ?? '';
    },
    'quarantined',
    /predictions\.csv has (\d+) bytes and crc32c .*; its manifest expects \1 and /,
  ],
  [
    "is another pipeline's, put in this one's folder",
    async () => {
      const [manifest] = await bucket.file(`${output(runs[2] ?? '')}output.json`).download();
      const parking = manifest.toString('utf8').replaceAll('carmila', 'parking');
      await bucket.file(`${output(RUN)}output.json`).save(parking, { resumable: false });
      return RUN;
    },
    'failed',
    /the manifest in carmila\/000001-0123abcd\/attempt-1\/ names parking\//,
  ],
];

for (const [index, [what, spoil, ends, says]] of HOPELESS.entries()) {
  test(`a replay of a run that ${what} is recorded with its reason`, async () => {
    const [run, replay] = [await spoil(), `hopeless-${index}`];
    const ask = { pipeline: 'carmila', run, replay, allowOlder: true };
    await client.topic('load-requested').publishMessage({ json: ask });
    const outcome = await mesh.until(
      `the outcome of ${replay}`,
      async (): Promise<RunOutcome | undefined> => {
        return (await readJson(mesh.runs, replayObject('carmila', run, replay), runOutcome))?.value;
      },
    );
    assert.equal(outcome.outcome, ends, outcome.reason);
    assert.match(outcome.reason, says);
    await untouched();
  });
}

const FINALIZED = {
  specversion: '1.0',
  id: 'an-event',
  type: 'google.cloud.storage.object.v1.finalized',
  source: '//storage.googleapis.com/projects/_/buckets/any',
};

for (const [what, data, says] of [
  [
    'of an object that is gone',
    () => ({ bucket: mesh.results.bucket, name: `${output('000778-0123abcd')}output.json`, size: '5' }),
    /Message ignored: .* the lease/,
  ],
  [
    'of a foreign bucket',
    () => ({ bucket: 'somebody-elses', name: `${output(runs[2] ?? '')}output.json`, size: '5' }),
    /Event ignored: it concerns the bucket somebody-elses; expected sluice-local-sluice-results/,
  ],
  [
    'of a pipeline that is not deployed',
    () => ({ bucket: mesh.results.bucket, name: `parking/${RUN}/attempt-1/output.json` }),
    /belongs to a pipeline that is not deployed here/,
  ],
  ['that names no object', () => ({ kind: 'storage#object' }), /Event ignored: it names no finished object/],
] as const) {
  test(`a finalize event ${what} is acknowledged, and the log says why nothing came of it`, async () => {
    const heardBefore = mesh.logLines.length;
    assert.equal(await deliver(mesh, 'publish-output', binary(FINALIZED, data())), 204);
    await mesh.logged(says, heardBefore);
    await untouched();
  });
}
