// A folder of workbooks goes in, and rows that an analyst can query come out.
import { BigQuery } from '@google-cloud/bigquery';
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { LOCAL_PROJECT } from '../../../cli/local-mesh.ts';
import { GOOD_ROWS, good, withVisitors } from '../folders.ts';
import { LEDGER, startMesh, TABLE, type RunningMesh } from '../start-mesh.ts';
import { requestsDuring } from '../requests.ts';

let mesh: RunningMesh;
before(async () => {
  mesh = await startMesh();
});
after(() => mesh.close());

test('a folder of workbooks is published: every mall and day, from January to twelve weeks past the last actual', async () => {
  mesh.put(good());
  const report = await mesh.tick();
  assert.equal(report.outcome, 'published', report.reason);
  assert.equal(report.rows, GOOD_ROWS);
  assert.equal(report.table, 'carmila_data.predictions_carmila');

  const [malls] = await mesh.query(
    `SELECT COUNT(*) AS n, COUNT(DISTINCT nom_mall) AS malls, COUNT(DISTINCT date) AS days,
       CAST(MIN(date) AS STRING) AS first, CAST(MAX(date) AS STRING) AS last FROM ${TABLE}`,
  );
  assert.deepEqual(malls, { n: 172, malls: 2, days: 86, first: '2025-01-01', last: '2025-03-27' });
});

test('known days hold their actual, later days none, and a closed day is forecast as 0', async () => {
  const rows = await mesh.query(
    `SELECT nom_mall, cluster, CAST(date AS STRING) AS day, donnees_reelles, donnees_predites FROM ${TABLE}
     WHERE date <= '2025-01-03' ORDER BY nom_mall DESC, date`,
  );
  assert.deepEqual(
    rows.map(({ nom_mall, cluster, day, donnees_reelles }) => [nom_mall, cluster, day, donnees_reelles]),
    [
      ['Évry', 'Nord', '2025-01-01', 100],
      ['Évry', 'Nord', '2025-01-02', 0],
      ['Évry', 'Nord', '2025-01-03', null],
      ['Bègles', 'Sud', '2025-01-01', 200],
      ['Bègles', 'Sud', '2025-01-02', null],
      ['Bègles', 'Sud', '2025-01-03', null],
    ],
  );
  // Évry reported 0 on 2 January: it was closed.
  assert.equal(rows[1]?.donnees_predites, 0);
});

test('the table has exactly the declared columns', async () => {
  const bigquery = new BigQuery({ projectId: LOCAL_PROJECT, apiEndpoint: mesh.cloud.endpoint });
  const [metadata] = await bigquery.dataset('carmila_data').table('predictions_carmila').getMetadata();
  const { fields } = (metadata as { schema: { fields: { name: string; type: string }[] } }).schema;
  assert.deepEqual(
    fields.map(({ name, type }) => `${name} ${type}`),
    ['nom_mall STRING', 'cluster STRING', 'date DATE', 'donnees_reelles FLOAT', 'donnees_predites INTEGER'],
  );
});

test('the ledger holds the publication, and the view of freshness shows it', async () => {
  const { run } = await mesh.newestRun();
  const entries = await mesh.query(`SELECT pipeline, run, attempt, kind, row_count FROM ${LEDGER}`);
  assert.deepEqual(entries, [{ pipeline: 'carmila', run, attempt: 1, kind: 'run', row_count: GOOD_ROWS }]);
  const fresh = await mesh.query('SELECT run, row_count FROM `carmila_data.predictions_carmila_freshness`');
  assert.deepEqual(fresh, [{ run, row_count: GOOD_ROWS }]);
});

test('an unchanged tick is one Drive call and one state read, and nothing else', async () => {
  const executions = mesh.cloud.jobs.executions().length;
  const requests = await requestsDuring(async () => {
    assert.equal(await mesh.fire('tick-carmila'), 200);
  });
  const calls = requests.filter((request) => !/\/functions\/|\/computeMetadata\//.test(request));
  assert.deepEqual(calls, [
    'GET /drive/v3/files',
    'GET /storage/v1/b/sluice-local-sluice-runs/o/carmila/state.json',
  ]);
  const report = await mesh.tick();
  assert.equal(report.outcome, 'no-change');
  assert.equal(mesh.cloud.jobs.executions().length, executions);
  assert.equal((await mesh.ledger()).length, 1);
});

test('an edited workbook leads to new rows', async () => {
  mesh.put(withVisitors(123));
  const report = await mesh.tick();
  assert.equal(report.outcome, 'published', report.reason);
  const [row] = await mesh.query(`SELECT MAX(donnees_reelles) AS most FROM ${TABLE} WHERE nom_mall = 'Évry'`);
  assert.deepEqual(row, { most: 123 });
});

test('a workbook put back as it was is published again, as a new run', async () => {
  const [first] = await mesh.ledger();
  mesh.put(good());
  const report = await mesh.tick();
  assert.equal(report.outcome, 'published', report.reason);
  assert.notEqual(report.run, first);
  assert.equal(report.run?.slice(7), first?.slice(7), 'the same revision has the same name');
  const ledger = await mesh.ledger();
  assert.equal(ledger.length, 3);
  assert.equal(ledger.at(-1), report.run);
  const [row] = await mesh.query(`SELECT MAX(donnees_reelles) AS most FROM ${TABLE} WHERE nom_mall = 'Évry'`);
  assert.deepEqual(row, { most: 100 });
});

test('a file that matches no role, a subfolder and an editor’s lock file change nothing', async () => {
  const lock = Buffer.from('lock');
  mesh.put({ ...good(), 'notes.txt': lock, '~$Transco.xlsx': lock, 'old/Transco.xlsx': lock });
  assert.equal((await mesh.tick()).outcome, 'no-change');
});
