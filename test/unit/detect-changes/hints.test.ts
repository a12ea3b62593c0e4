// An event of a watched bucket is a hint: whose file the object is, when a poll is worth it, and what harms nothing.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { pino } from 'pino';
import { isKnown, isSettling, LAST_WAIT, routeOf } from '../../../functions/detect-changes/hint.ts';
import { receiveHint } from '../../../functions/detect-changes/receive-hint.ts';
import { readRefusal } from '../../../shared/dead-letters/refusals.ts';
import { PermanentError, TransientError } from '../../../shared/errors.ts';
import { deliveryIn, type Delivery } from '../../../shared/events/messages.ts';
import { finishedObjectIn, type FinishedObject } from '../../../shared/events/notifications.ts';
import { MemoryStore } from '../../../shared/objects/memory.ts';
import { fromEnv } from '../../../shared/pipelines/setting.ts';
import { bucket, manyOf, oneOf } from '../../../shared/pipelines/source.ts';
import { emptyState, moveState, type PipelineState } from '../../../shared/runs/state.ts';
import { pipeline as sales } from '../../ports/sales.ts';

const NOW = Date.UTC(2026, 10, 26, 8);
const SETTLE_MS = 300_000;
const [SETTING, SETTLE] = [fromEnv('BUCKET'), fromEnv('SETTLE_SECONDS')];

const watching = (name: string, inBucket: string, prefix: string) => {
  const files = { grid: manyOf(/\.nc$/), stations: oneOf('stations.csv') };
  const source = bucket({ bucket: SETTING, prefix, files, settleSeconds: SETTLE });
  const pipeline = { ...sales, name, trigger: { ...sales.trigger, source } };
  return { pipeline, place: `${inBucket}/${prefix}`, settleMs: SETTLE_MS };
};
const WATCHED = [
  watching('heat', 'climate', 'daily/'),
  watching('rain', 'climate', 'rain/'),
  watching('whole', 'city', ''),
];

const object = (name: string, more: Partial<FinishedObject> = {}): FinishedObject => ({
  bucket: 'climate',
  name,
  generation: '7',
  finishedAtMs: NOW - SETTLE_MS,
  ...more,
});
const routed = (name: string, inBucket = 'climate') => {
  const route = routeOf(object(name, { bucket: inBucket }), WATCHED);
  return route.kind === 'watched' ? route.by.map(({ pipeline }) => pipeline.name).join() : route.kind;
};

describe('an event goes to', () => {
  test('the pipeline whose prefix and patterns the object has, whatever its name', () => {
    for (const name of ['daily/a.nc', 'daily/été/100 % #1?.nc', 'daily/日別%2F.nc', 'daily/stations.csv'])
      assert.equal(routed(name), 'heat', name);
    assert.equal(routed('rain/a.nc'), 'rain');
    assert.equal(routed('a.nc', 'city'), 'whole');
    assert.equal(routed('deep/a.nc', 'city'), 'whole');
  });

  test('no pipeline: a folder, a file of no role, one outside of every prefix, a name that is too long, another bucket', () => {
    for (const name of ['daily/', 'daily/deep/', 'daily/readme.txt', 'daily', 'a.nc', 'snow/a.nc', ''])
      assert.equal(routed(name), 'not-watched', name);
    assert.equal(routed(`daily/${'x'.repeat(300)}.nc`), 'not-watched');
    assert.equal(routed('daily/a.nc', 'climat'), 'foreign');
    assert.equal(routed('daily/a.nc', 'climate-2'), 'foreign');
  });
});

test('a hint waits until its object is settled, but for a broken clock, a missing time, and its last deliveries', () => {
  const at = (finishedAtMs: number | undefined, attempt = 1) =>
    isSettling(object('daily/a.nc', { finishedAtMs }), SETTLE_MS, attempt, NOW);
  assert.ok(at(NOW));
  assert.ok(at(NOW - SETTLE_MS + 1));
  assert.ok(at(NOW - 1, LAST_WAIT));
  assert.ok(!at(NOW - SETTLE_MS));
  assert.ok(!at(NOW - 1, LAST_WAIT + 1));
  assert.ok(!at(NOW + SETTLE_MS));
  assert.ok(!at(undefined));
});

const requested = (generation: string, more: Partial<PipelineState> = {}): PipelineState => ({
  ...emptyState('t'),
  revision: 'abcdef0123',
  request: {
    pipeline: 'heat',
    run: '000001-abcdef01',
    sequence: 1,
    revision: 'abcdef0123',
    snapshot: [
      {
        role: 'grid',
        id: 'climate/daily/a.nc',
        name: 'a.nc',
        content: { kind: 'generation', generation, crc32c: 'AAAAAA==' },
        sizeBytes: 1,
      },
    ],
    requestedAt: new Date(NOW).toISOString(),
    nonce: null,
    cause: { kind: 'event', by: 'pubsub-invoker@test', reason: null },
  },
  ...more,
});

test('a poll is spared where the newest request has this version or a newer one, or the pipeline is paused', () => {
  const known = (state: PipelineState | undefined, more: Partial<FinishedObject> = {}) =>
    isKnown(object('daily/a.nc', more), state);
  assert.ok(known(requested('7')));
  assert.ok(known(requested('10')));
  assert.ok(!known(requested('6')));
  assert.ok(!known(requested('7'), { name: 'daily/b.nc' }));
  assert.ok(!known(requested('7'), { generation: undefined }));
  assert.ok(!known(undefined));
  // Frozen too late: the state forgets the revision, so that the next poll asks again.
  assert.ok(!known(requested('7', { revision: null })));
  const paused = { command: 'o', by: 'ada@example.org', reason: 'r', at: new Date(NOW).toISOString() };
  assert.ok(known({ ...emptyState('t'), paused }));
});

interface Attributes {
  readonly [attribute: string]: string;
}
const EVENT: Attributes = {
  eventType: 'OBJECT_FINALIZE',
  bucketId: 'climate',
  objectId: 'daily/a.nc',
  objectGeneration: '7',
  eventTime: new Date(NOW - SETTLE_MS).toISOString(),
};
const delivered = (attributes: Attributes, deliveryAttempt: unknown = 1, data = 'e30='): Delivery => {
  const body = { message: { data, messageId: '1', attributes }, subscription: 's', deliveryAttempt };
  return deliveryIn(body) ?? assert.fail('it is no delivery');
};

async function received(delivery: Delivery, { state, fails }: { state?: PipelineState; fails?: Error } = {}) {
  const runs = new MemoryStore('runs');
  if (state !== undefined) await moveState(runs, 'heat', undefined, state);
  const polled: string[] = [];
  const lines: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) });
  const { status } = await receiveHint(delivery, {
    runs,
    now: () => NOW,
    log,
    watched: WATCHED,
    async poll({ pipeline }) {
      polled.push(pipeline.name);
      if (fails !== undefined) throw fails;
      return { kind: 'poll', outcome: 'no-change', code: null, reason: '' };
    },
  });
  return { status, polled: polled.join(), lines: lines.join(''), runs };
}

describe('a delivery', () => {
  test('of a settled object polls the pipeline, once for each time that it comes', async () => {
    for (const attempt of [1, 9, undefined, 'x', 0]) {
      const { status, polled } = await received(delivered(EVENT, attempt));
      assert.deepEqual([status, polled], [200, 'heat']);
    }
  });

  test('of an object that is not settled is given back, without a call and without a word', async () => {
    const young = { ...EVENT, eventTime: new Date(NOW - 1000).toISOString() };
    const { status, polled, lines } = await received(delivered(young));
    assert.deepEqual([status, polled, lines], [425, '', '']);
    assert.equal((await received(delivered(young, LAST_WAIT + 1))).status, 200);
  });

  test('of a known file, or of one outside every source, is acknowledged, and nothing is polled', async () => {
    const known = await received(delivered(EVENT), { state: requested('7') });
    assert.deepEqual([known.status, known.polled], [200, '']);
    for (const [changed, line] of [
      [{ objectId: 'daily/' }, /"level":20.*Event ignored: no pipeline watches the object/],
      [{ objectId: 'snow/a.nc' }, /"level":20.*Event ignored: no pipeline watches the object/],
      [
        { bucketId: 'theirs' },
        /"level":40.*Event ignored: it concerns the bucket theirs, which no pipeline watches/,
      ],
    ] as const) {
      const { status, polled, lines } = await received(delivered({ ...EVENT, ...changed }));
      assert.deepEqual([status, polled], [200, '']);
      assert.match(lines, line);
    }
  });

  test('with odd attributes is read as far as it goes', () => {
    const read = (more: Attributes) => finishedObjectIn(delivered({ ...EVENT, ...more }).body);
    assert.equal(read({ objectGeneration: '-1' })?.generation, undefined);
    assert.equal(read({ eventTime: 'yesterday' })?.finishedAtMs, undefined);
    assert.equal(read({ eventType: 'OBJECT_DELETE' }), undefined);
  });

  test('that names no object is refused, and the reason is kept', async () => {
    const { status, polled, runs } = await received(
      delivered({ a: 'b' }, 1, Buffer.from('{"x":1}').toString('base64')),
    );
    assert.deepEqual([status, polled], [400, '']);
    const refusal = await readRefusal(runs, Buffer.from('{"x":1}'));
    assert.equal(refusal?.function, 'detect-changes');
    assert.match(refusal?.reason ?? '', /names no finished object/);
  });

  test('whose poll fails comes again while that can help, and is then the schedule’s', async () => {
    const away = { fails: new TransientError('away') };
    assert.equal((await received(delivered(EVENT), away)).status, 503);
    const last = await received(delivered(EVENT, LAST_WAIT + 1), away);
    assert.equal(last.status, 200);
    assert.match(last.lines, /"level":50.*takes its place: away/);
    const foreign = await received(delivered(EVENT), { fails: new PermanentError('of another project') });
    assert.equal(foreign.status, 200);
    assert.match(foreign.lines, /takes its place: of another project/);
  });
});
