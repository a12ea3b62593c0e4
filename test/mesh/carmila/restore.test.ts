// The restore drill: what people read is dropped or spoilt, by the real client, and one command brings it back.
import { BigQuery } from '@google-cloud/bigquery';
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { localStack, LOCAL_PROJECT, shareDriveFolders } from '../../../cli/local-mesh.ts';
import { plannedResources } from '../../../cli/planned.ts';
import { provision } from '../../../local/provision/provision.ts';
import { lastLine, run } from '../commands.ts';
import { GOOD_ROWS, withVisitors } from '../folders.ts';
import { LEDGER, NO_LIBRARY, startMesh, TABLE, type RunningMesh, type Row } from '../start-mesh.ts';

const DATASET = 'carmila_data';
const TABLES = ['predictions_carmila', 'predictions_carmila_intervals'];
const VIEW = 'predictions_carmila_freshness';
const OPERATOR = 'night@example.org';
const OPERATED = { 'sluice:operators': `user:${OPERATOR}` };

let mesh: RunningMesh;
let bigquery: BigQuery;
let newest: string;
let rows: string;
before(async () => {
  mesh = await startMesh({ config: OPERATED });
  const apiEndpoint = mesh.cloud.endpoint;
  bigquery = new BigQuery({ projectId: LOCAL_PROJECT, location: 'EU', apiEndpoint });
  for (const visitors of [100, 300]) {
    mesh.put(withVisitors(visitors));
    const { run: published, outcome, reason } = await mesh.tick();
    assert.equal(outcome, 'published', reason);
    newest = published ?? '';
  }
  rows = await mesh.published();
});
after(() => mesh.close());

const dropTable = (table: string) => bigquery.dataset(DATASET).table(table).delete();
const dropLedger = () => bigquery.dataset('sluice').table('publications').delete();
const dropDatasets = async () => {
  for (const dataset of [DATASET, 'sluice']) await bigquery.dataset(dataset).delete({ force: true });
};

interface Restored {
  readonly made: readonly string[];
  readonly entered: number;
  readonly lost: readonly string[];
  readonly republished: string | null;
  readonly verification: { readonly verified: boolean; readonly publications: number };
}

/** As an operator, with the one right more that docs/RESTORE.md lends for the day. */
function command(...words: readonly string[]) {
  for (const dataset of [DATASET, 'sluice']) {
    const resource = `projects/${LOCAL_PROJECT}/datasets/${dataset}`;
    mesh.cloud.iam.grant({ role: 'roles/bigquery.dataEditor', member: `user:${OPERATOR}`, resource });
  }
  const asOperator = ['--data', mesh.folders.data, '--as', OPERATOR];
  return run('sluice', ...asOperator, '--json', 'restore', 'carmila', ...words);
}

async function restored(reason: string): Promise<Restored> {
  const ended = await command('--reason', reason);
  assert.equal(ended.code, 0, ended.stderr + ended.stdout);
  const found = lastLine(ended) as unknown as Restored;
  assert.equal(found.verification.verified, true);
  assert.equal(await mesh.published(), rows, 'the same rows as before');
  return found;
}

/** What infra says of a table, as BigQuery shows it. */
async function settingsOf(table: string): Promise<object> {
  const [found] = (await bigquery.dataset(DATASET).table(table).getMetadata()) as unknown as [Row];
  const { schema, view, encryptionConfiguration, type, location } = found;
  return { schema, view, encryptionConfiguration, type, location };
}

const allSettings = () => Promise.all([...TABLES, VIEW].map(settingsOf));

/** As `.ci/deploy` does, which refreshes: makes what is missing, and fails on what is not as it says. */
async function pulumiUp(): Promise<void> {
  const config = {
    ...localStack('carmila'),
    ...OPERATED,
    'carmila:settleSeconds': '0',
    'sluice:overdueSeconds': '0',
    'carmila:xgboostLibrary': NO_LIBRARY,
  };
  const resources = await plannedResources(config, mesh.cloud.functionUrl);
  await provision(resources, {
    cloud: mesh.cloud,
    sourceRoot: fileURLToPath(new URL('../../../', import.meta.url)),
  });
  shareDriveFolders(mesh.cloud);
}

const kindsInLedger = async () =>
  (await mesh.query(`SELECT ordinal, kind, run FROM ${LEDGER} ORDER BY ordinal`)).map(
    ({ ordinal, kind, run: of }) => `${String(ordinal)} ${String(kind)} ${String(of)}`,
  );

test('where nothing is missing, nothing is published', async () => {
  const found = await restored('a drill');
  assert.deepEqual([found.made, found.entered, found.republished], [[], 0, null]);
  assert.equal((await mesh.ledger()).length, 2);
});

test('the published tables and their view are dropped, and come back as infra makes them', async (context) => {
  const before = await allSettings();
  for (const table of [VIEW, 'predictions_carmila', 'predictions_carmila_intervals']) await dropTable(table);
  await assert.rejects(mesh.published(), /predictions_carmila/);
  const startMs = performance.now();
  const found = await restored('the tables were dropped');
  context.diagnostic(`the command took ${((performance.now() - startMs) / 1000).toFixed(1)} s`);
  assert.deepEqual(
    found.made,
    ['predictions_carmila', 'predictions_carmila_intervals', VIEW].map((table) => `${DATASET}.${table}`),
  );
  assert.equal(found.republished, newest);
  assert.deepEqual(await allSettings(), before);
  const [key] = await mesh.query(`SELECT kind, run, replay_reason FROM ${LEDGER} WHERE ordinal = 3`);
  assert.deepEqual(key, { kind: 'replay', run: newest, replay_reason: 'the tables were dropped' });
  const [fresh] = await mesh.query(`SELECT run, row_count FROM \`${DATASET}.${VIEW}\``);
  assert.deepEqual(fresh, { run: newest, row_count: GOOD_ROWS });
  await pulumiUp();
  assert.deepEqual(await allSettings(), before);
});

for (const [what, spoil] of [
  ['rows are changed', `UPDATE ${TABLE} SET donnees_predites = 0 WHERE nom_mall = 'Évry'`],
  [
    'nearly all rows are deleted',
    `DELETE FROM ${TABLE} WHERE NOT (nom_mall = 'Évry' AND date < '2025-01-04')`,
  ],
  ['every other row is deleted', `DELETE FROM ${TABLE} WHERE nom_mall <> 'Évry'`],
  ['rows are added', `INSERT INTO ${TABLE} SELECT * FROM ${TABLE}`],
  ['all rows are deleted', `DELETE FROM ${TABLE} WHERE TRUE`],
] as const) {
  test(`${what} behind the mesh's back, and it is put right`, async () => {
    await mesh.query(spoil);
    assert.notEqual(await mesh.published(), rows);
    assert.equal((await restored(what)).republished, newest);
  });
}

test('a run that comes while the tables are missing waits for them, and is published when they are back', async () => {
  await dropTable('predictions_carmila');
  mesh.put(withVisitors(310));
  const since = mesh.logLines.length;
  assert.equal(await mesh.fire('tick-carmila'), 200);
  await mesh.logged(/querying BigQuery: .*[Nn]ot found/, since);
  const ended = await command('--reason', 'dropped while a run was under way');
  const next = await mesh.until('the run that waited', async () => {
    await mesh.fire('sweep');
    return (await mesh.ledger()).find((each) => each > newest);
  });
  // What was restored is older, and went first or not at all (law 5).
  assert.equal((await mesh.ledger()).at(-1), next, ended.stderr);
  [newest, rows] = [next, await mesh.published()];
  await mesh.until(
    'the verification',
    async () => (await command('--reason', 'to see')).code === 0 || undefined,
  );
});

test('the ledger is dropped, and is entered again from the buckets', async () => {
  const before = await kindsInLedger();
  await dropLedger();
  const found = await restored('the ledger was dropped');
  assert.deepEqual(found.made, ['sluice.publications']);
  assert.equal(found.entered, before.length);
  assert.deepEqual(await kindsInLedger(), before);
  // The rows were right, so there is no publication more.
  assert.equal(found.republished, null);
  const [entry] = await mesh.query(
    `SELECT revision, cause_kind, gate, gate_detail, publication_job FROM ${LEDGER} WHERE ordinal = 1`,
  );
  assert.partialDeepStrictEqual(entry, { cause_kind: 'schedule', gate: 'none', publication_job: null });
  assert.match(String(entry?.gate_detail), /entered again from the buckets/);
});

test('the datasets are dropped: infra makes them anew, and the command fills it', async () => {
  const before = await kindsInLedger();
  const settings = await allSettings();
  await dropDatasets();
  const refused = await command('--reason', 'too early');
  assert.equal(refused.code, 1);
  assert.match(
    refused.stderr,
    /the dataset sluice does not exist\. .*UNDROP SCHEMA.*deploy the release again/,
  );
  await pulumiUp();
  const found = await restored('the datasets were dropped');
  assert.deepEqual([found.made, found.entered, found.lost], [[], before.length, []]);
  assert.equal(found.republished, newest);
  assert.deepEqual(await kindsInLedger(), [...before, `${before.length + 1} replay ${newest}`]);
  assert.deepEqual(await allSettings(), settings);
});

test('the lock is dropped, and the next publication takes it again', async () => {
  await bigquery.dataset('sluice').table('lock_carmila').delete();
  const found = await restored('the lock was dropped');
  assert.deepEqual([found.made, found.republished], [['sluice.lock_carmila'], null]);
  mesh.put(withVisitors(320));
  const { outcome, reason } = await mesh.tick();
  assert.equal(outcome, 'published', reason);
  [newest, rows] = [(await mesh.ledger()).at(-1) ?? '', await mesh.published()];
  const [lock] = await mesh.query('SELECT publication_id FROM sluice.lock_carmila');
  assert.deepEqual(lock, { publication_id: `carmila-${newest}` });
});

test('a ledger that is entered halfway is finished', async () => {
  const before = await kindsInLedger();
  await dropLedger();
  await restored('the ledger was dropped again');
  await mesh.query(`DELETE FROM ${LEDGER} WHERE ordinal > 2`);
  await restored('the command was cut off');
  assert.deepEqual(await kindsInLedger(), before);
});
