// The proof, over the whole mesh: it holds of what the mesh did, and finds whatever was tampered with.
import { PubSub } from '@google-cloud/pubsub';
import { Storage } from '@google-cloud/storage';
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { LOCAL_PROJECT } from '../../../cli/local-mesh.ts';
import { carmila } from '../../../pipelines/carmila.ts';
import { exportsBucketOf } from '../../../shared/deployment.ts';
import { gcsStore } from '../../../shared/google/storage.ts';
import { bigqueryWarehouse } from '../../../shared/google/bigquery.ts';
import { readJson, toJson } from '../../../shared/objects/json.ts';
import { outcomeObject, replayObject } from '../../../shared/runs/names.ts';
import { runOutcome } from '../../../shared/runs/outcome.ts';
import { LEDGER_FIELDS } from '../../../shared/warehouse/ledger.ts';
import { verify, type Verification } from '../../../shared/reconciliation/verify.ts';
import { GOOD_ROWS, withVisitors } from '../folders.ts';
import { LEDGER, startMesh, TABLE, type RunningMesh } from '../start-mesh.ts';

let mesh: RunningMesh;
let runs: ReturnType<Storage['bucket']>;
let results: ReturnType<Storage['bucket']>;
let verifications = 0;
const [published, nonce] = [[] as string[], 'again'];

before(async () => {
  mesh = await startMesh();
  const storage = new Storage({ projectId: LOCAL_PROJECT, apiEndpoint: mesh.cloud.endpoint });
  [runs, results] = [storage.bucket(mesh.runs.bucket), storage.bucket(mesh.results.bucket)];
});
after(() => mesh.close());

function verification(nowMs = Date.now()): Promise<Verification> {
  const config = { GOOGLE_CLOUD_PROJECT: LOCAL_PROJECT, WAREHOUSE_LOCATION: 'EU' };
  const warehouse = bigqueryWarehouse({ ...config, GOOGLE_API_ENDPOINT: mesh.cloud.endpoint });
  const { runs: runsStore, results: resultsStore } = mesh;
  return verify(carmila, {
    runs: runsStore,
    results: resultsStore,
    exports: gcsStore(exportsBucketOf(LOCAL_PROJECT), {
      ...config,
      GOOGLE_API_ENDPOINT: mesh.cloud.endpoint,
    }),
    warehouse,
    now: () => nowMs,
    nonce: String(++verifications),
  });
}

async function verified(): Promise<Verification> {
  const found = await verification();
  assert.deepEqual([found.verified, found.differences], [true, []]);
  return found;
}

async function disproved(...says: readonly RegExp[]): Promise<void> {
  const { verified: holds, differences } = await verification();
  assert.equal(holds, false);
  for (const each of says) {
    assert.ok(
      differences.some((difference) => each.test(difference)),
      `${each} in ${differences.join('\n')}`,
    );
  }
}

test('nothing published passes, and rows that no run published are found', async () => {
  assert.equal((await verified()).publications, 0);
  await mesh.query(`INSERT INTO ${TABLE} (nom_mall) VALUES ('nowhere')`);
  await disproved(/predictions_carmila holds 1 row, but the ledger has no publication/);
  await mesh.query(`DELETE FROM ${TABLE} WHERE TRUE`);
});

test('two runs and a replay are proved, with their numbers', async () => {
  for (const visitors of [100, 300]) {
    mesh.put(withVisitors(visitors));
    const { run, outcome } = await mesh.tick();
    assert.equal(outcome, 'published');
    published.push(run ?? '');
  }
  const options = { projectId: LOCAL_PROJECT, apiEndpoint: new URL(mesh.cloud.endpoint).host };
  const topic = new PubSub({ ...options, ...{ fallback: true, protocol: 'http' } }).topic('load-requested');
  const [run = ''] = published;
  await topic.publishMessage({ json: { pipeline: 'carmila', run, replay: nonce, allowOlder: true } });
  await mesh.until('the replay', () => readJson(mesh.runs, replayObject('carmila', run, nonce), runOutcome));
  const { publications, accepted, outputs, newest, tables } = await verified();
  assert.deepEqual(
    { publications, accepted, outputs, newest },
    { publications: 3, accepted: 3, outputs: 4, newest: `carmila-${run}-replay-${nonce}` },
  );
  assert.deepEqual(
    tables.map(({ table, publishedRows }) => [table, publishedRows]),
    [
      ['carmila_data.predictions_carmila', GOOD_ROWS],
      ['carmila_data.predictions_carmila_intervals', GOOD_ROWS],
    ],
  );
});

const ROW = `nom_mall = 'Évry' AND date = '2025-01-02'`;

for (const [what, tamper, mend, says] of [
  [
    'a value that was altered',
    `UPDATE ${TABLE} SET donnees_predites = donnees_predites + 1 WHERE ${ROW}`,
    `UPDATE ${TABLE} SET donnees_predites = donnees_predites - 1 WHERE ${ROW}`,
    [
      /172 rows and the output 172, 1 only in the table, 1 only in the output/,
      /only in the table: nom_mall Évry/,
    ],
  ],
  [
    'a row that was doubled',
    `INSERT INTO ${TABLE} (nom_mall, cluster, date, donnees_reelles, donnees_predites) SELECT nom_mall, cluster, date, donnees_reelles, donnees_predites FROM ${TABLE} WHERE ${ROW}`,
    undefined,
    [/173 rows and the output 172, 0 only in the table/],
  ],
  [
    'a row that was deleted, of two',
    `DELETE FROM ${TABLE} WHERE ${ROW}`,
    undefined,
    [
      /171 rows and the output 172, .* 1 only in the output/,
      /only in the output: nom_mall Évry, .*date 2025-01-02/,
    ],
  ],
] as const) {
  test(`found in the table: ${what}`, async () => {
    await mesh.query(tamper);
    await disproved(...says);
    if (mend === undefined) return;
    await mesh.query(mend);
    await verified();
  });
}

test('a replay puts it right, and the proof holds again', async () => {
  const [run = ''] = published;
  const options = { projectId: LOCAL_PROJECT, apiEndpoint: new URL(mesh.cloud.endpoint).host };
  const topic = new PubSub({ ...options, ...{ fallback: true, protocol: 'http' } }).topic('load-requested');
  await topic.publishMessage({ json: { pipeline: 'carmila', run, replay: 'mended', allowOlder: true } });
  await mesh.until('the replay', () =>
    readJson(mesh.runs, replayObject('carmila', run, 'mended'), runOutcome),
  );
  await verified();
});

test('found in the ledger: an entry that was doubled', async () => {
  await mesh.query(`INSERT INTO ${LEDGER} SELECT * FROM ${LEDGER} WHERE ordinal = 2`);
  await disproved(
    /occurs 2 times in the ledger; expected once/,
    /has the number 2 in the ledger; expected 3/,
  );
});

test('found in the ledger: an entry that was deleted', async () => {
  await mesh.query(`DELETE FROM ${LEDGER} WHERE ordinal = 2`);
  await disproved(
    new RegExp(`run ${published[1]} ended as published, but carmila-${published[1]} is not in the ledger`),
    /has the number 3 in the ledger; expected 2/,
  );
});

test('found in the ledger: an entry without an outcome, and without a run', async () => {
  const invented = LEDGER_FIELDS.map(({ name }) =>
    name in INVENTED ? `${INVENTED[name]} AS ${name}` : name,
  );
  await mesh.query(`INSERT INTO ${LEDGER} SELECT ${invented.join(', ')} FROM ${LEDGER} WHERE ordinal = 1`);
  await disproved(
    /carmila-000002-0badc0de is in the ledger, but its run's folder has no such outcome/,
    /carmila-000002-0badc0de is in the ledger, but run 000002-0badc0de has no request/,
  );
  await mesh.query(`DELETE FROM ${LEDGER} WHERE ordinal = 2`);
});

const INVENTED: Readonly<Record<string, string>> = {
  publication_id: `'carmila-000002-0badc0de'`,
  run: `'000002-0badc0de'`,
  sequence: '2',
  ordinal: '2',
};
test('found in the buckets: an outcome without an entry', async () => {
  const run = '000009-0123abcd';
  const at = new Date().toISOString();
  const outcome = { pipeline: 'carmila', run, outcome: 'published', reason: '', attempt: 1, rows: 1, at };
  const file = runs.file(outcomeObject('carmila', run));
  await file.save(toJson(outcome), { resumable: false });
  await disproved(/run 000009-0123abcd ended as published, but carmila-000009-0123abcd is not in the ledger/);
  await file.delete();
});

test('found in the buckets: an output that was overwritten, and one that is gone before its time', async () => {
  const file = results.file(`carmila/${published[0]}/attempt-1/predictions.csv`);
  const [bytes] = await file.download();
  await file.save(bytes.toString('utf8').replace(',100,', ',999,'), { resumable: false });
  await disproved(
    /predictions\.csv has generation \d+ and crc32c .*; carmila-.* was published from generation \d+ and crc32c/,
    /the rows of carmila_data\.predictions_carmila were not compared/,
  );
  await file.delete();
  await disproved(/predictions\.csv does not exist; carmila-/);
  const later = Date.now() + 401 * 24 * 3600 * 1000;
  const { expired, differences } = await verification(later);
  assert.equal(expired, 1);
  assert.ok(differences.every((difference) => !difference.includes('does not exist')));
  assert.ok(differences.some((difference) => /was deleted after 400 days/.test(difference)));
});
