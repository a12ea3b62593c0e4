// The contract of the warehouse, through the unmodified BigQuery client: loads, checks, and one transaction.
import { BigQuery } from '@google-cloud/bigquery';
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { BoundError, TransientError } from '../../shared/errors.ts';
import { endpointsOf } from '../../shared/google/endpoints.ts';
import { checksQuery, failedChecks } from '../../shared/warehouse/checks.ts';
import { commit } from '../../shared/warehouse/publication.ts';
import { stagingTable } from '../../shared/warehouse/tables.ts';
import type { Row, Warehouse } from '../../shared/warehouse/warehouse.ts';
import { PROJECT } from './cloud.ts';
import { GOOD, openSales, pipeline, publicationOf, target, type Sales } from './sales.ts';

let sales: Sales;
let warehouse: Warehouse;
let stage: Sales['stage'];
let publishRows: Sales['publishRows'];
let published: Sales['published'];
let tries = 0;
before(async () => {
  sales = await openSales();
  ({ warehouse, stage, publishRows, published } = sales);
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

async function checked(rows: readonly string[]): Promise<string | undefined> {
  const publication = `checked-${++tries}`;
  const loaded = await stage(publication, rows);
  assert.equal(loaded.kind, 'loaded');
  const tables = {
    staging: warehouse.quoted(stagingTable(target, publication)),
    published: warehouse.quoted(target.table),
  };
  return failedChecks(await warehouse.query(checksQuery(target, tables), {}));
}

const empty = () => warehouse.query(`DELETE FROM ${warehouse.quoted(target.table)} WHERE TRUE`, {});

describe('the checks', () => {
  beforeEach(empty);

  test('let good rows pass, over an empty table and over the same rows', async () => {
    assert.equal(await checked(GOOD), undefined);
    await publishRows(50, GOOD);
    assert.equal(await checked(GOOD), undefined);
  });

  const bad: readonly [string, readonly string[], RegExp][] = [
    ['no rows', [], /the output holds no rows/],
    [
      'a repeated key',
      [...GOOD, 'Sud,2026-01-02,9,9'],
      /duplicate key: 1 keys \(shop, day\) occur more than once, such as Sud 2026-01-02/,
    ],
    ['a required cell that is empty', [...GOOD, 'Sud,2026-01-03,,1'], /1 rows have no sold/],
    [
      'a number that is none',
      [...GOOD, 'Sud,2026-01-03,1,NaN'],
      /number in price: 1 rows have NaN or an infinity/,
    ],
    ['an infinity', [...GOOD, 'Sud,2026-01-03,1,-inf'], /number in price: 1 rows have NaN or an infinity/],
    [
      'a value below its least',
      [...GOOD, 'Sud,2026-01-03,-4,1'],
      /sold goes down to -4; expected at least 0/,
    ],
    [
      'a hole in the dates of one shop',
      [...GOOD, 'Sud,2026-01-04,1,1'],
      /gap in dates: 1 of \(shop\) miss dates, such as Sud/,
    ],
    ['dates that start in the middle of a year', ['Sud,2026-03-05,1,1'], /the dates start at 2026-03-05/],
  ];
  for (const [what, rows, says] of bad) {
    test(`stop ${what}, and say which`, async () => assert.match((await checked(rows)) ?? '', says));
  }

  test('say everything that is wrong at once', async () => {
    const all = (await checked(['Sud,2026-03-05,-1,1', 'Sud,2026-03-05,,1'])) ?? '';
    for (const name of ['duplicate key', 'null in sold', 'range of sold', 'first date']) {
      assert.ok(all.includes(name), `${name} in ${all}`);
    }
  });

  test('compare the number of rows over the dates that both tables share', async () => {
    await publishRows(51, GOOD);
    assert.match((await checked(GOOD.slice(0, 1))) ?? '', /row count: 1 rows, and 4 published ones/);
    const doubled = [
      ...GOOD,
      ...['A', 'B', 'C'].flatMap((shop) => [`${shop},2026-01-01,1,1`, `${shop},2026-01-02,1,1`]),
    ];
    assert.match((await checked(doubled)) ?? '', /row count: 10 rows, and 4/);
    const later = Array.from(
      { length: 20 },
      (_, day) => `Sud,2026-01-${String(day + 1).padStart(2, '0')},1,1`,
    );
    assert.equal(await checked([...GOOD.slice(0, 2), ...later]), undefined);
  });
});

const ledger = (): Promise<readonly Row[]> =>
  warehouse.query(
    'SELECT * FROM `contract.sluice.publications` WHERE sequence BETWEEN 100 AND 199 ORDER BY ordinal',
    {},
  );

describe('a publication', () => {
  test('replaces the rows and enters the ledger, once, however often it is asked for', async () => {
    assert.deepEqual(await publishRows(100, GOOD), { kind: 'published' });
    assert.equal((await published()).length, 4);
    assert.deepEqual(await commit(warehouse, publicationOf(100)), { kind: 'published' });
    const id = publicationOf(100).id;
    const [entry, ...more] = await ledger();
    assert.equal(more.length, 0);
    const { published_at, ordinal, ...row } = entry ?? {};
    assert.match(String(published_at), /^\d{4}-\d{2}-\d{2}T/);
    assert.equal(typeof ordinal, 'number');
    assert.deepEqual(row, {
      publication_id: id,
      pipeline: 'sales',
      kind: 'run',
      run: '000100-abcdef01',
      sequence: 100,
      attempt: 1,
      revision: 'abcdef0123',
      row_count: 4,
      data_as_of: '2026-01-02',
      source_files: '[{"role":"flux","name":"été.xlsx","md5":"00ff"}]',
      output_generation: '7',
      output_crc32c: 'AAAAAA==',
      outputs: JSON.stringify(publicationOf(100).outputs),
      publication_job: `sluice-publish-${id}-1`,
      cause_kind: 'person',
      cause_by: 'ann@example.com',
      cause_reason: `it's "due"`,
      replayed_by: null,
      replay_reason: null,
      gate: 'none',
      gate_detail: null,
      summary: '{"wape":0.1,"note":"it\'s \\"good\\"","lastActual":"2026-01-02"}',
      requested_at: '2026-01-03T04:05:06.789Z',
      frozen_at: null,
      written_at: '2026-01-03T05:00:00.000Z',
    });
  });

  test('finds its own entry when its job id is new but its publication is not', async () => {
    const script = {
      ...warehouse,
      script: (job: Parameters<Warehouse['script']>[0]) =>
        warehouse.script({ ...job, id: `${job.id}-other` }),
    };
    assert.deepEqual(await commit(script, publicationOf(100)), { kind: 'published', already: true });
    assert.equal((await ledger()).length, 1);
  });

  test('of an older run is superseded, and leaves rows and ledger as they were', async () => {
    const before = await published();
    assert.deepEqual(await publishRows(99, GOOD.slice(0, 1)), {
      kind: 'superseded',
      reason: 'a newer run is published',
      moved: false,
    });
    assert.deepEqual(await published(), before);
    assert.equal((await ledger()).length, 1);
  });

  test('of an older run replaces a newer one when the operator allows it', async () => {
    const more = { id: 'sales-replay-1', kind: 'replay', allowOlder: true } as const;
    assert.deepEqual(await publishRows(99, GOOD.slice(0, 1), more), { kind: 'published' });
    assert.equal((await published()).length, 1);
  });

  test('that fails between its statements changes nothing', async () => {
    const before = await published();
    const absent = { ...target, table: { dataset: 'sales', table: 'absent' } };
    const broken = { ...pipeline, outputs: [target, absent] };
    const publication = publicationOf(120, { pipeline: broken });
    await stage(publication.id, GOOD);
    const answer = await commit(warehouse, publication).catch((error: unknown) => error);
    assert.notDeepEqual(answer, { kind: 'published' });
    assert.deepEqual(await published(), before);
    assert.equal((await ledger()).filter(({ sequence }) => sequence === 120).length, 0);
  });

  test('whose answer was lost has happened once', async () => {
    const publication = publicationOf(130);
    await stage(publication.id, GOOD);
    sales.mesh.cloud.api.faults.plan({ method: 'POST', url: /\/jobs$|\/jobs\?/, action: 'lose-answer' });
    await commit(warehouse, publication).catch((error: unknown) =>
      assert.ok(error instanceof TransientError),
    );
    assert.deepEqual(sales.mesh.cloud.api.faults.unused(), []);
    sales.mesh.cloud.api.faults.clear();
    assert.deepEqual(await commit(warehouse, publication), { kind: 'published' });
    assert.equal((await ledger()).filter(({ sequence }) => sequence === 130).length, 1);
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
