// The contract of a publication in the warehouse, through the unmodified BigQuery client: its checks, and its one transaction.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { TransientError } from '../../shared/errors.ts';
import { checksQuery, failedChecks } from '../../shared/warehouse/checks.ts';
import { commit } from '../../shared/warehouse/publication.ts';
import { stagingTable } from '../../shared/warehouse/tables.ts';
import type { Row, Warehouse } from '../../shared/warehouse/warehouse.ts';
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
    ['a required cell that is empty', [...GOOD, 'Sud,2026-01-03,,1'], /1 row has no sold/],
    [
      'a number that is none',
      [...GOOD, 'Sud,2026-01-03,1,NaN'],
      /number in price: 1 row has NaN or an infinity/,
    ],
    ['an infinity', [...GOOD, 'Sud,2026-01-03,1,-inf'], /number in price: 1 row has NaN or an infinity/],
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
    assert.match((await checked(GOOD.slice(0, 1))) ?? '', /row count: 1 row, and 4 published ones/);
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

  test('that has to be the first of its run commits once, and under another id is refused', async () => {
    const first = { kind: 'replay', allowOlder: true, isFirstOfRun: true } as const;
    const release = { ...first, id: 'sales-release-1' };
    assert.deepEqual(await publishRows(110, GOOD, release), { kind: 'published' });
    const [before, entries] = [await published(), (await ledger()).length];
    const later = { ...release, script: '-later' };
    assert.deepEqual(await publishRows(110, GOOD, later), { kind: 'published', already: true });
    assert.deepEqual(await publishRows(110, GOOD.slice(0, 1), { ...first, id: 'sales-release-2' }), {
      kind: 'superseded',
      reason: 'the output of the run is published already',
      moved: false,
      again: true,
    });
    assert.deepEqual([await published(), (await ledger()).length], [before, entries]);
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
