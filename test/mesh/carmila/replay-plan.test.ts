// A look before a replay, over the whole mesh: what the plan says, what applying it does, and when it is refused.
import { BigQuery } from '@google-cloud/bigquery';
import { PubSub } from '@google-cloud/pubsub';
import { Storage } from '@google-cloud/storage';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { LOCAL_PROJECT } from '../../../cli/local-mesh.ts';
import { readJson } from '../../../shared/objects/json.ts';
import { planObject, plannedObject, replayObject } from '../../../shared/runs/names.ts';
import { runOutcome, type RunOutcome } from '../../../shared/runs/outcome.ts';
import { planned, replayPlan, type PlanAnswer, type ReplayPlan } from '../../../shared/warehouse/plan.ts';
import { GOOD_ROWS, withFlux, withVisitors } from '../folders.ts';
import { LEDGER, startMesh, TABLE, type RunningMesh, type Row } from '../start-mesh.ts';

let mesh: RunningMesh;
let topic: ReturnType<PubSub['topic']>;
let results: ReturnType<Storage['bucket']>;
let bigquery: BigQuery;
const published: { readonly run: string; readonly rows: string }[] = [];
const [OLDER, NEWER] = [0, 1];

before(async () => {
  mesh = await startMesh();
  const apiEndpoint = mesh.cloud.endpoint;
  const options = { projectId: LOCAL_PROJECT, apiEndpoint: new URL(apiEndpoint).host };
  // REST (`fallback`, which the client reads and its type leaves out), as the mesh itself publishes.
  topic = new PubSub({ ...options, ...{ fallback: true, protocol: 'http' } }).topic('load-requested');
  results = new Storage({ projectId: LOCAL_PROJECT, apiEndpoint }).bucket(mesh.results.bucket);
  bigquery = new BigQuery({ projectId: LOCAL_PROJECT, location: 'EU', apiEndpoint });
  for (const visitors of [100, 300]) await publishNew(visitors);
});
after(() => mesh.close());

async function publishNew(visitors: number): Promise<void> {
  mesh.put(withVisitors(visitors));
  const { run, outcome, reason } = await mesh.tick();
  assert.equal(outcome, 'published', reason);
  published.push({ run: run ?? '', rows: await mesh.published() });
}

const at = (index: number) => published[index] ?? assert.fail(`nothing was published as ${index}`);
const ask = (json: object) => topic.publishMessage({ json: { pipeline: 'carmila', ...json } });
const idle = () => mesh.until('every message to be delivered', () => mesh.cloud.pubsub.idle() || undefined);

async function answerTo(run: string, more: object = {}): Promise<PlanAnswer> {
  const nonce = randomUUID();
  await ask({ run, replay: nonce, plan: true, ...more });
  return mesh.until(`the answer to ${nonce}`, async () => {
    const record = await readJson(mesh.runs, plannedObject('carmila', run, nonce), planned);
    return record?.value;
  });
}

async function planOf(run: string, more: object = {}): Promise<ReplayPlan> {
  const answer = await answerTo(run, more);
  assert.ok(answer.kind === 'planned', JSON.stringify(answer));
  const stored = await readJson(mesh.runs, planObject('carmila', run, answer.hash), replayPlan);
  return stored?.value ?? assert.fail(`there is no plan ${answer.hash}`);
}

const outcomeOf = (run: string, nonce: string): Promise<RunOutcome> =>
  mesh.until(`the outcome of the replay ${nonce}`, async () => {
    const record = await readJson(mesh.runs, replayObject('carmila', run, nonce), runOutcome);
    return record?.value;
  });

async function apply(run: string, hash: string, more: object = {}): Promise<RunOutcome> {
  const nonce = randomUUID();
  await ask({ run, replay: nonce, apply: hash, ...more });
  return outcomeOf(run, nonce);
}

const ledger = (): Promise<readonly Row[]> => mesh.query(`SELECT * FROM ${LEDGER} ORDER BY ordinal`);

test('a plan says what would change, and changes nothing', async () => {
  const before = await ledger();
  const plan = await planOf(at(OLDER).run);
  assert.equal(plan.expectedLatest?.run, at(NEWER).run);
  const [table, intervals] = plan.tables;
  assert.partialDeepStrictEqual(table, {
    table: 'carmila_data.predictions_carmila',
    rowsBefore: GOOD_ROWS,
    rowsAfter: GOOD_ROWS,
    added: 0,
    removed: 0,
  });
  assert.ok(table && table.changed > 0 && intervals);
  const actual = table.largest.find(({ key }) => key.nom_mall === 'Évry' && key.date === '2025-01-01');
  assert.deepEqual(
    actual?.columns.find(({ column }) => column === 'donnees_reelles'),
    { column: 'donnees_reelles', before: 300, after: 100 },
  );
  assert.ok((plan.bytes ?? 0) > GOOD_ROWS * 40, `${plan.bytes} bytes`);
  assert.deepEqual(await ledger(), before);
  assert.equal(await mesh.published(), at(NEWER).rows);
  await mesh.logged(new RegExp(`Plan ${plan.hash}: this replay of run ${at(OLDER).run}`));
  await idle();
  const staged = await bigquery.dataset('carmila_data_staging').getTables();
  assert.deepEqual(
    staged[0].map(({ id }) => id),
    [],
  );
});

test('the same plan asked for twice is one plan', async () => {
  const [one, other] = await Promise.all([planOf(at(OLDER).run), planOf(at(OLDER).run)]);
  assert.deepEqual(one, other);
});

test('a plan is applied by its hash, keeps the cause of the run, and says whose replay it is', async () => {
  const plan = await planOf(at(OLDER).run);
  const asked = { by: 'ann@example.com', reason: `it's "due"` };
  const outcome = await apply(at(OLDER).run, plan.hash, asked);
  assert.deepEqual([outcome.outcome, outcome.rows], ['published', GOOD_ROWS], outcome.reason);
  assert.equal(await mesh.published(), at(OLDER).rows);
  const [first, , entry] = await ledger();
  assert.partialDeepStrictEqual(entry, {
    kind: 'replay',
    run: at(OLDER).run,
    replayed_by: asked.by,
    replay_reason: asked.reason,
    cause_kind: 'schedule',
    cause_by: first?.cause_by,
    output_generation: first?.output_generation,
    output_crc32c: first?.output_crc32c,
    source_files: first?.source_files,
  });
  await mesh.logged(/Replay published, requested by ann@example\.com/);
});

test('the same plan is refused once the tables have moved, and the reason says how', async () => {
  const plan = await planOf(at(NEWER).run);
  assert.equal((await apply(at(NEWER).run, plan.hash)).outcome, 'published');
  const entries = await ledger();
  const again = await apply(at(NEWER).run, plan.hash);
  assert.equal(again.outcome, 'superseded');
  assert.match(again.reason, /is outdated: the newest publication was carmila-0/);
  assert.deepEqual(await ledger(), entries);
  assert.equal(await mesh.published(), at(NEWER).rows);
});

test('the same message to apply a plan, delivered twice, acts once', async () => {
  const plan = await planOf(at(OLDER).run);
  const { length } = await ledger();
  const message = { run: at(OLDER).run, replay: 'applied-twice', apply: plan.hash };
  await Promise.all([ask(message), ask(message)]);
  assert.equal((await outcomeOf(at(OLDER).run, 'applied-twice')).outcome, 'published');
  await ask(message);
  await idle();
  assert.equal((await outcomeOf(at(OLDER).run, 'applied-twice')).outcome, 'published');
  assert.equal((await ledger()).length, length + 1);
});

test('two that apply one plan at once: one publishes, the other is refused', async () => {
  const { hash } = await planOf(at(NEWER).run);
  const { length } = await ledger();
  const outcomes = await Promise.all([apply(at(NEWER).run, hash), apply(at(NEWER).run, hash)]);
  assert.deepEqual(outcomes.map(({ outcome }) => outcome).sort(), ['published', 'superseded']);
  assert.equal((await ledger()).length, length + 1);
});

test('rows that were changed behind the ledger refuse a plan as well', async () => {
  const plan = await planOf(at(OLDER).run);
  await mesh.query(`DELETE FROM ${TABLE} WHERE nom_mall = 'Évry' AND date = '2025-01-02'`);
  const outcome = await apply(at(OLDER).run, plan.hash);
  assert.equal(outcome.outcome, 'superseded');
  assert.match(outcome.reason, /predictions_carmila would now change by 1 added/);
  assert.equal((await apply(at(NEWER).run, (await planOf(at(NEWER).run)).hash)).outcome, 'published');
});

test('a rollback is in the ledger by its name; the next goes forward again', async () => {
  for (const run of [at(OLDER).run, at(NEWER).run]) {
    const plan = await planOf(run, { rollback: true });
    assert.equal((await apply(run, plan.hash)).outcome, 'published');
    assert.partialDeepStrictEqual((await ledger()).at(-1), { kind: 'rollback', run });
  }
  assert.equal(await mesh.published(), at(NEWER).rows);
});

test('a replay without a plan says in its log what it changed, before it does', async () => {
  const heardBefore = mesh.logLines.length;
  await ask({ run: at(OLDER).run, replay: 'bare', allowOlder: true });
  assert.equal((await outcomeOf(at(OLDER).run, 'bare')).outcome, 'published');
  const poll = await mesh.logged(
    /would change carmila_data\.predictions_carmila by 0 added, 0 removed, \d+ changed/,
    heardBefore,
  );
  // A line of an earlier publication may arrive late.
  await mesh.logged(/an unnamed caller/, mesh.logLines.indexOf(poll, heardBefore));
});

test('a hash that no plan has does nothing, and says so', async () => {
  const { length } = await ledger();
  const outcome = await apply(at(NEWER).run, '0123456789abcdef');
  assert.equal(outcome.outcome, 'failed');
  assert.match(outcome.reason, /there is no plan 0123456789abcdef of run/);
  assert.equal((await ledger()).length, length);
});

test('there is no plan of a run that never was, or that refused its input', async () => {
  const ghost = await answerTo('000777-0123abcd');
  assert.ok(ghost.kind === 'unfit');
  assert.match(ghost.reason, /Run 000777-0123abcd of carmila has no stored output/);
  mesh.put(withFlux(['A1', '2025-01-01', 'fermé']));
  const { run } = await mesh.tick();
  const refused = await answerTo(run ?? '');
  assert.ok(refused.kind === 'unfit');
  assert.match(refused.reason, /refused its input and has no output to publish: .*fermé/);
});

test('there is no plan of an output that was tampered with or deleted, and one made before is not applied', async () => {
  const { run } = at(NEWER);
  const plan = await planOf(run);
  const file = results.file(`carmila/${run}/attempt-1/predictions.csv`);
  const [bytes] = await file.download();
  const { length } = await ledger();

  await file.save(bytes.toString('utf8').replace(',300,', ',999,'), { resumable: false });
  const tampered = await answerTo(run);
  assert.deepEqual([tampered.kind, 'outcome' in tampered && tampered.outcome], ['unfit', 'quarantined']);
  assert.match('reason' in tampered ? tampered.reason : '', /crc32c .*; its manifest expects/);
  assert.equal((await apply(run, plan.hash)).outcome, 'quarantined');

  await file.save(bytes, { resumable: false });
  const copied = await apply(run, plan.hash);
  assert.equal(copied.outcome, 'superseded', 'the same bytes in another generation');
  assert.match(copied.reason, /the stored output has changed/);

  await file.delete();
  const deleted = await answerTo(run);
  assert.match('reason' in deleted ? deleted.reason : '', /does not exist, but the manifest names it/);
  assert.equal((await ledger()).length, length);
});
