// The contract of the warehouse, through the unmodified BigQuery client: loads, answers and parameters.
import { BigQuery } from '@google-cloud/bigquery';
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { BoundError, TransientError } from '../../shared/errors.ts';
import { endpointsOf } from '../../shared/google/endpoints.ts';
import { stagingTable } from '../../shared/warehouse/tables.ts';
import type { Warehouse } from '../../shared/warehouse/warehouse.ts';
import { PROJECT } from './cloud.ts';
import { GOOD, openSales, target, type Sales } from './sales.ts';

let sales: Sales;
let warehouse: Warehouse;
let stage: Sales['stage'];
let tries = 0;
before(async () => {
  sales = await openSales();
  ({ warehouse, stage } = sales);
});
after(() => sales.close());

describe('a load', () => {
  test('reads every row of a CSV, with quotes, commas, accents and empty cells', async () => {
    assert.deepEqual(await stage('load-good', GOOD, 'load-good'), {
      kind: 'loaded',
      rows: 4,
      job: 'load-good-1',
    });
    const table = warehouse.quoted(stagingTable(target, 'load-good'));
    const rows = await warehouse.query(`SELECT * FROM ${table} ORDER BY shop, day`, {});
    assert.deepEqual(rows[0], { shop: "L'Étoile, Nord", day: '2026-01-01', sold: 3, price: 1.5 });
    assert.equal(rows[1]?.price, null);
  });

  test('loads again what it loaded before, and nothing twice', async () => {
    await stage('load-again', GOOD);
    assert.partialDeepStrictEqual(await stage('load-again', GOOD.slice(0, 2)), { kind: 'loaded', rows: 2 });
    const table = warehouse.quoted(stagingTable(target, 'load-again'));
    assert.deepEqual(await warehouse.query(`SELECT COUNT(*) AS n FROM ${table}`, {}), [{ n: 2 }]);
  });

  for (const [what, row, says] of [
    ['text for a whole number', 'Sud,2026-01-03,many,2', /many/],
    ['a day that does not exist', 'Sud,2026-02-30,1,2', /2026-02-30/],
    ['a column too many', 'Sud,2026-01-03,1,2,3', /./],
    ['a fraction for a whole number', 'Sud,2026-01-03,1.5,2', /1\.5/],
  ] as const) {
    test(`refuses ${what}, and says where`, async () => {
      const answer = await stage(`load-bad-${++tries}`, [...GOOD, row]);
      assert.ok(answer.kind === 'refused');
      assert.match(answer.reason, says);
    });
  }

  test('meets itself under the same id, when it was asked for twice', async () => {
    assert.partialDeepStrictEqual(await stage('load-id', GOOD, 'load-id'), { kind: 'loaded', rows: 4 });
    assert.partialDeepStrictEqual(await stage('load-id', GOOD.slice(1), 'load-id'), {
      kind: 'loaded',
      rows: 4,
    });
    const refused = await stage('load-refused', ['Sud,never,1,1'], 'load-refused');
    assert.deepEqual(await stage('load-refused', GOOD, 'load-refused'), refused);
  });

  test('meets itself when the answer to its submission was lost', async () => {
    sales.mesh.cloud.api.faults.plan({ method: 'POST', url: /\/jobs$|\/jobs\?/, action: 'lose-answer' });
    const first = await stage('load-lost', GOOD, 'load-lost').catch((error: unknown) => error);
    assert.deepEqual(sales.mesh.cloud.api.faults.unused(), []);
    sales.mesh.cloud.api.faults.clear();
    assert.ok(first instanceof TransientError || (first as { kind: string }).kind === 'loaded');
    assert.partialDeepStrictEqual(await stage('load-lost', [], 'load-lost'), { kind: 'loaded', rows: 4 });
  });

  test('is done anew when the staging table of an earlier delivery was dropped', async () => {
    await stage('load-gone', GOOD, 'load-gone');
    await warehouse.drop(stagingTable(target, 'load-gone'));
    assert.deepEqual(await stage('load-gone', GOOD, 'load-gone'), {
      kind: 'loaded',
      rows: 4,
      job: 'load-gone-2',
    });
    assert.partialDeepStrictEqual(await stage('load-gone', GOOD.slice(1), 'load-gone'), { rows: 4 });
    const table = warehouse.quoted(stagingTable(target, 'load-gone'));
    assert.deepEqual(await warehouse.query(`SELECT COUNT(*) AS n FROM ${table}`, {}), [{ n: 4 }]);
  });

  test('passes over the ids that earlier deliveries have used up', async () => {
    const { bigquery } = endpointsOf(sales.mesh.config);
    const client = new BigQuery({ projectId: PROJECT, location: 'EU', ...bigquery });
    const endless =
      'SELECT COUNT(*) FROM UNNEST(GENERATE_ARRAY(1, 1000000)) AS a CROSS JOIN UNNEST(GENERATE_ARRAY(1, 1000000)) AS b';
    for (const number of [1, 2, 3, 4]) {
      const jobId = `load-used-up-${number}`;
      const configuration = { query: { query: endless, useLegacySql: false } };
      const [job] = await client.createJob({ jobId, configuration });
      await job.cancel();
    }
    const loaded = await stage('load-used-up', GOOD, 'load-used-up');
    assert.deepEqual(loaded, { kind: 'loaded', rows: 4, job: 'load-used-up-5' });
  });
});

describe('an answer', () => {
  const numbers = (count: number) => `SELECT n FROM UNNEST(GENERATE_ARRAY(1, ${count})) AS n ORDER BY n`;
  for (const count of [1001, 2500, 45_000]) {
    test(`of ${count} rows is whole, and in its order`, async () => {
      const rows = await warehouse.query(numbers(count), {});
      assert.deepEqual(
        rows.map(({ n }) => n),
        Array.from({ length: count }, (_, index) => index + 1),
      );
    });
  }

  test('of long rows is whole, although a page ends at ten megabytes', async () => {
    const text = 'x'.repeat(1_000_000);
    const rows = await warehouse.query(`SELECT n, @text AS t FROM (${numbers(25)}) ORDER BY n`, { text });
    assert.deepEqual(
      rows.map(({ n, t }) => [n, String(t).length]),
      Array.from({ length: 25 }, (_, index) => [index + 1, text.length]),
    );
  });

  test('of more rows than a process should hold is an error', async () => {
    await assert.rejects(
      warehouse.query(numbers(200_001), {}),
      (error: unknown) => error instanceof BoundError && /more than 200000 rows/.test(error.message),
    );
  });
});

test('a parameter is a parameter, whatever it holds', async () => {
  const text = `x'; DROP TABLE sales.daily; -- \` "`;
  const [row] = await warehouse.query(
    'SELECT @text AS text, @whole AS whole, @part AS part, @none AS none, @yes AS yes',
    {
      text,
      whole: 3,
      part: 0.5,
      none: null,
      yes: true,
    },
  );
  assert.deepEqual(row, { text, whole: 3, part: 0.5, none: null, yes: true });
});

test('a staging table may be dropped twice', async () => {
  await stage('dropped', GOOD);
  const table = stagingTable(target, 'dropped');
  await warehouse.drop(table);
  await warehouse.drop(table);
  await assert.rejects(warehouse.query(`SELECT * FROM ${warehouse.quoted(table)}`, {}), /[Nn]ot found/);
});
