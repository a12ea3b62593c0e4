// Tables and views: what they are made of, how they are listed, and when they expire or are deleted.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { VirtualClock } from '../../../local/clock.ts';
import { openLocalBigQuery, type LocalBigQuery } from './open-bigquery.ts';

let local: LocalBigQuery;
const clock = new VirtualClock();
const rowsOf = (type: string) =>
  local.bigquery.ensureTable({ datasetId: 'ds', tableId: 'rows', schema: { fields: [{ name: 'n', type }] } });

before(async () => {
  local = await openLocalBigQuery({ clock });
  await rowsOf('INTEGER');
});
after(() => local.close());

test('a view follows its tables, and is replaced when its query changes', async () => {
  const view = (query: string) =>
    local.bigquery.ensureTable({ datasetId: 'ds', tableId: 'fresh', view: { query } });
  await view('SELECT COUNT(*) AS row_count FROM `p.ds.rows`');
  await local.query('DELETE FROM ds.rows WHERE TRUE');
  assert.deepEqual(await local.query('SELECT row_count FROM ds.fresh'), [{ row_count: 0 }]);
  await view('SELECT COUNT(*) + 1 AS more FROM `p.ds.rows`');
  await view('SELECT COUNT(*) + 1 AS more FROM `p.ds.rows`');
  assert.deepEqual(await local.query('SELECT more FROM ds.fresh AS f'), [{ more: 1 }]);
  const [metadata] = await local.client.dataset('ds').table('fresh').getMetadata();
  assert.equal(metadata.type, 'VIEW');
  assert.deepEqual(
    metadata.schema.fields.map(({ name }: { name: string }) => name),
    ['more'],
  );
  await assert.rejects(local.query('DELETE FROM ds.fresh WHERE TRUE'), /currently a VIEW/);
});

test('a table that has expired is not found, and its name is free again', async () => {
  const dataset = local.client.dataset('short');
  await dataset.create({ location: 'EU', defaultTableExpirationMs: '1000' });
  await dataset.createTable('staging', { schema: [{ name: 'n', type: 'INTEGER' }] });
  const [metadata] = await dataset.table('staging').getMetadata();
  assert.equal(metadata.expirationTime, String(clock.now() + 1000));
  clock.advance(1000);
  await assert.rejects(
    dataset.table('staging').getMetadata(),
    (error: { code?: number }) => error.code === 404,
  );
  await assert.rejects(local.query('SELECT * FROM short.staging'), /Not found: Table p:short\.staging/);
  await dataset.createTable('staging', { schema: [{ name: 's', type: 'STRING' }] });
  await dataset.table('staging').delete();
  await dataset.delete();
  assert.equal((await dataset.exists())[0], false);
});

test('an existing table with another schema is an error, with the same it is not', async () => {
  await rowsOf('INT64');
  await assert.rejects(rowsOf('STRING'), /exists with another schema/);
});

test('rows of a table are listed, and streaming is refused by name', async () => {
  await local.query('INSERT INTO ds.rows (n) VALUES (5)');
  const [rows] = await local.client.dataset('ds').table('rows').getRows();
  assert.deepEqual(rows, [{ n: 5 }]);
  await assert.rejects(
    local.client
      .dataset('ds')
      .table('rows')
      .insert([{ n: 1 }]),
    (error: { code?: number }) => error.code === 501,
  );
});
