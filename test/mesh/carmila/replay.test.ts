// Replays: a person asks for a stored output again, by message or by command, and every asking is one publication.
import { PubSub } from '@google-cloud/pubsub';
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { LOCAL_PROJECT } from '../../../cli/local-mesh.ts';
import { readJson } from '../../../shared/objects/json.ts';
import { readRun } from '../../../shared/history/history.ts';
import { replayObject } from '../../../shared/runs/names.ts';
import { runOutcome, type RunOutcome } from '../../../shared/runs/outcome.ts';
import { GOOD_ROWS, withFlux, withVisitors } from '../folders.ts';
import { LEDGER, startMesh, type RunningMesh } from '../start-mesh.ts';

let mesh: RunningMesh;
let topic: ReturnType<PubSub['topic']>;
const [older, newer] = [
  { run: '', rows: '' },
  { run: '', rows: '' },
];
before(async () => {
  mesh = await startMesh();
  const options = { projectId: LOCAL_PROJECT, apiEndpoint: new URL(mesh.cloud.endpoint).host };
  // REST (`fallback`, which the client reads and its type leaves out), as the mesh itself publishes.
  topic = new PubSub({ ...options, ...{ fallback: true, protocol: 'http' } }).topic('load-requested');
  for (const [publication, visitors] of [
    [older, 100],
    [newer, 300],
  ] as const) {
    mesh.put(withVisitors(visitors));
    publication.run = (await mesh.tick()).run ?? '';
    publication.rows = await mesh.published();
  }
  assert.notEqual(older.rows, newer.rows);
});
after(() => mesh.close());

const ask = (json: object) => topic.publishMessage({ json: { pipeline: 'carmila', ...json } });

const outcomeOf = (run: string, nonce: string): Promise<RunOutcome> =>
  mesh.until(`the outcome of the replay ${nonce} of ${run}`, async () => {
    const record = await readJson(mesh.runs, replayObject('carmila', run, nonce), runOutcome);
    return record?.value;
  });

const publications = () => mesh.query(`SELECT run, kind, publication_id FROM ${LEDGER} ORDER BY ordinal`);

test('a message replays the newest run, and the same message again changes nothing', async () => {
  const { length } = await publications();
  await ask({ run: newer.run, replay: 'monday' });
  const outcome = await outcomeOf(newer.run, 'monday');
  assert.deepEqual([outcome.outcome, outcome.rows], ['published', GOOD_ROWS], outcome.reason);
  await ask({ run: newer.run, replay: 'monday' });
  await mesh.until('the second message to be delivered', () => mesh.cloud.pubsub.idle() || undefined);
  const ledger = await publications();
  assert.equal(ledger.length, length + 1);
  assert.deepEqual(ledger.at(-1), {
    run: newer.run,
    kind: 'replay',
    publication_id: `carmila-${newer.run}-replay-monday`,
  });
  assert.equal(await mesh.published(), newer.rows);
});

test('a message that names no replay is one replay by its own id', async () => {
  const { length } = await publications();
  await ask({ run: newer.run });
  const named = await mesh.until('the outcome of the replay without a name', async () =>
    (await readRun(mesh.runs, 'carmila', newer.run))?.replays.find(({ nonce }) => nonce !== 'monday'),
  );
  assert.equal(named.outcome.outcome, 'published');
  // An event's id may hold anything: only a hash of it becomes part of names.
  assert.match(named.nonce, /^[0-9a-f]{16}$/);
  assert.equal((await publications()).length, length + 1);
});

test('an older run is not put over a newer one by accident', async () => {
  const { length } = await publications();
  await ask({ run: older.run, replay: 'by-accident' });
  const outcome = await outcomeOf(older.run, 'by-accident');
  assert.equal(outcome.outcome, 'superseded');
  assert.match(
    outcome.reason,
    /Refused: a newer run is published\. .*To publish the older output, plan it: .* replay /,
  );
  assert.equal(await mesh.published(), newer.rows);
  assert.equal((await publications()).length, length);
});

test('asked to, it puts the older rows back, and the next edit is published over them', async () => {
  await ask({ run: older.run, replay: 'on-purpose', allowOlder: true });
  assert.equal((await outcomeOf(older.run, 'on-purpose')).outcome, 'published');
  assert.equal(await mesh.published(), older.rows);
  const [fresh] = await mesh.query('SELECT run, kind FROM `carmila_data.predictions_carmila_freshness`');
  assert.deepEqual(fresh, { run: older.run, kind: 'replay' });

  mesh.put(withVisitors(310));
  assert.equal((await mesh.tick()).outcome, 'published');
});

test('the replay of a run that refused its input fails, with the reason', async () => {
  mesh.put(withFlux(['A1', '2025-01-01', 'fermé']));
  const { run } = await mesh.tick();
  await ask({ run, replay: 'hopeless' });
  const outcome = await outcomeOf(run ?? '', 'hopeless');
  assert.equal(outcome.outcome, 'failed');
  assert.match(outcome.reason, /refused its input and has no output to publish: .*fermé/);
});

test('the replay of a run that does not exist fails, with the reason', async () => {
  await ask({ run: '000777-0123abcd', replay: 'ghost' });
  const outcome = await outcomeOf('000777-0123abcd', 'ghost');
  assert.equal(outcome.outcome, 'failed');
  assert.match(outcome.reason, /Run 000777-0123abcd of carmila has no stored output/);
});

test('replays of a run stand in its folder, and in its history', async () => {
  const { replays } = (await readRun(mesh.runs, 'carmila', older.run)) ?? assert.fail('it is gone');
  assert.deepEqual(
    replays.map(({ nonce, outcome }) => `${nonce} ${outcome.outcome}`),
    ['by-accident superseded', 'on-purpose published'],
  );
});
