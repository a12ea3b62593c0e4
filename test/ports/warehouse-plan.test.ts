// A plan asked of the warehouse by SQL, and the publication that happens as it says or not at all.
import { isTable, type PublishedOutput } from '../../shared/outputs/published.ts';
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { planReplay, whatMoved, type ReplayPlan } from '../../shared/warehouse/plan.ts';
import { commit } from '../../shared/warehouse/publication.ts';
import type { Warehouse } from '../../shared/warehouse/warehouse.ts';
import { GOOD, openSales, pipeline, publicationOf, type Sales } from './sales.ts';

const [nord1 = '', nord2 = '', sud1 = '', sud2 = ''] = GOOD;

let sales: Sales;
let plans = 0;
before(async () => {
  sales = await openSales();
});
after(() => sales.close());

const storedOf = (outputs: readonly PublishedOutput[]) => outputs.filter(isTable);

/** Stages rows under the id of a publication, and plans what they would change. */
async function planOf(rows: readonly string[], publication = `planned-${++plans}`): Promise<ReplayPlan> {
  await sales.stage(publication, rows);
  const { run, outputs } = publicationOf(1);
  return planReplay(sales.warehouse, {
    pipeline,
    run,
    kind: 'replay',
    publication,
    outputs: storedOf(outputs),
    files: [],
  });
}

const changesOf = async (rows: readonly string[]) => {
  const [table] = (await planOf(rows)).tables;
  return table ?? assert.fail('the plan has no table');
};

const newest = async (): Promise<unknown> => {
  const [row] = await sales.warehouse.query(
    'SELECT publication_id FROM `sluice.publications` ORDER BY ordinal DESC LIMIT 1',
    {},
  );
  return row?.publication_id;
};

describe('a plan', () => {
  test('over an empty table adds every row, and is against no publication', async () => {
    const plan = await planOf(GOOD);
    assert.equal(plan.expectedLatest, null);
    assert.deepEqual(plan.tables, [
      {
        table: 'sales.daily',
        rowsBefore: 0,
        rowsAfter: 4,
        added: 4,
        removed: 0,
        changed: 0,
        columns: [],
        largest: [],
      },
    ]);
    assert.match(plan.hash, /^[0-9a-f]{16}$/);
  });

  test('over the same rows changes nothing, null beside null included', async () => {
    await sales.publishRows(1, GOOD);
    assert.partialDeepStrictEqual(await changesOf(GOOD), {
      rowsBefore: 4,
      rowsAfter: 4,
      added: 0,
      removed: 0,
      changed: 0,
    });
  });

  test('counts rows by the key, columns by the rows that change, and shows the largest change first', async () => {
    const rows = [
      nord1.replace(',3,', ',30,'),
      nord2.replace(',0,', ',0,7'),
      sud1.replace(',2,2', ',1,'),
      'Est,2026-01-01,1,1',
    ];
    assert.deepEqual(await changesOf(rows), {
      table: 'sales.daily',
      rowsBefore: 4,
      rowsAfter: 4,
      added: 1,
      removed: 1,
      changed: 3,
      columns: [
        { column: 'sold', rows: 2 },
        { column: 'price', rows: 2 },
      ],
      largest: [
        {
          key: { shop: "L'Étoile, Nord", day: '2026-01-01' },
          columns: [{ column: 'sold', before: 3, after: 30 }],
        },
        {
          key: { shop: "L'Étoile, Nord", day: '2026-01-02' },
          columns: [{ column: 'price', before: null, after: 7 }],
        },
        {
          key: { shop: 'Sud', day: '2026-01-01' },
          columns: [
            { column: 'sold', before: 2, after: 1 },
            { column: 'price', before: 2, after: null },
          ],
        },
      ],
    });
  });

  test('says what the publication would scan: the rows that go, and the rows that come', async () => {
    // A STRING has 2 bytes and its UTF-8, the others 8, a NULL none: two shops of 15 bytes and two of 3.
    const rows = 2 * (2 + 15) + 2 * (2 + 3) + 4 * 8 + 4 * 8 + 3 * 8;
    assert.equal((await planOf(GOOD)).bytes, 2 * rows);
  });

  test('has the same hash for the same state, and another for another output, row or publication', async () => {
    const plan = await planOf(GOOD);
    assert.equal((await planOf(GOOD)).hash, plan.hash);
    const { run, outputs } = publicationOf(1);
    const poll = {
      pipeline,
      run,
      kind: 'replay',
      publication: `planned-${plans}`,
      outputs: storedOf(outputs),
      files: [],
    } as const;
    const [output] = poll.outputs;
    assert.ok(output);
    const tampered = { ...poll, outputs: [{ ...output, crc32c: 'BBBBBB==' }] };
    const others = [
      await planReplay(sales.warehouse, { ...poll, kind: 'rollback' }),
      await planReplay(sales.warehouse, tampered),
      await planOf([nord1, nord2, sud1, sud2.replace(',4,', ',5,')]),
    ];
    await sales.publishRows(2, GOOD);
    others.push(await planOf(GOOD));
    assert.equal(new Set([plan, ...others].map(({ hash }) => hash)).size, 5);
    assert.match(whatMoved(plan, others[1] ?? plan), /^the stored output has changed$/);
    assert.match(
      whatMoved(plan, others[2] ?? plan),
      /^sales\.daily would now change by 0 added, 0 removed, 1 changed$/,
    );
    assert.match(
      whatMoved(plan, others[3] ?? plan),
      /^the newest publication was sales-000001-abcdef01 and now is sales-000002-abcdef01$/,
    );
  });
});

describe('a publication that is bound to a plan', () => {
  const bound = (id: string, expectedLatest: string | null) =>
    publicationOf(1, { id, kind: 'replay', allowOlder: true, expectedLatest });

  test('happens while the newest publication is the one that it was compared with', async () => {
    const publication = bound('sales-bound-1', 'sales-000002-abcdef01');
    await sales.stage(publication.id, GOOD);
    assert.deepEqual(await commit(sales.warehouse, publication), { kind: 'published' });
    assert.deepEqual(await commit(sales.warehouse, publication), { kind: 'published' });
    assert.equal(await newest(), 'sales-bound-1');
  });

  for (const expectedLatest of ['sales-000002-abcdef01', null]) {
    test(`is refused when the newest is another than ${expectedLatest ?? 'none'}`, async () => {
      const publication = bound(`sales-bound-late-${expectedLatest === null}`, expectedLatest);
      await sales.stage(publication.id, GOOD.slice(1));
      const before = await sales.published();
      const answer = await commit(sales.warehouse, publication);
      assert.equal(answer.kind, 'superseded');
      assert.match('reason' in answer ? answer.reason : '', /another publication is the newest now/);
      assert.deepEqual(await sales.published(), before);
      assert.equal(await newest(), 'sales-bound-1');
    });
  }

  test('is refused when another publication comes after the plan and right before its transaction', async () => {
    const publication = bound('sales-bound-2', 'sales-bound-1');
    await sales.stage(publication.id, GOOD.slice(1));
    const overtaken: Warehouse = {
      ...sales.warehouse,
      async script(job) {
        assert.deepEqual(await sales.publishRows(3, GOOD.slice(2)), { kind: 'published' });
        return sales.warehouse.script(job);
      },
    };
    assert.equal((await commit(overtaken, publication)).kind, 'superseded');
    assert.equal(await newest(), 'sales-000003-abcdef01');
    assert.equal((await sales.published()).length, 2);
  });

  test('is one of two that were made against the same state and come at once', async () => {
    const [one, other] = [
      bound('sales-bound-3', 'sales-000003-abcdef01'),
      bound('sales-bound-4', 'sales-000003-abcdef01'),
    ];
    await sales.stage(one.id, GOOD);
    await sales.stage(other.id, GOOD.slice(1));
    const answers = await Promise.all([one, other].map((each) => commit(sales.warehouse, each)));
    assert.deepEqual(answers.map(({ kind }) => kind).sort(), ['published', 'superseded']);
  });
});

test('publications are numbered from 1 on, without a hole, whatever the clock says', async () => {
  const rows = await sales.warehouse.query('SELECT ordinal FROM `sluice.publications` ORDER BY ordinal', {});
  assert.deepEqual(
    rows.map(({ ordinal }) => ordinal),
    rows.map((_, index) => index + 1),
  );
});
