// The view of freshness: what stands in the table, of what day, from which files, and when the next poll is due.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { nextFiringMs } from '../../local/scheduler/cron.ts';
import { isReservedWord } from '../../shared/pipelines/reserved-words.ts';
import { freshnessQuery } from '../../shared/warehouse/freshness.ts';
import { LEDGER_FIELDS } from '../../shared/warehouse/ledger.ts';
import type { Row } from '../../shared/warehouse/warehouse.ts';
import { PROJECT } from './cloud.ts';
import { GOOD, openSales, pipeline, type Sales } from './sales.ts';

let sales: Sales;
before(async () => {
  sales = await openSales();
});
after(() => sales.close());

const fresh = async (schedule: string): Promise<Row | undefined> => {
  const [row] = await sales.warehouse.query(
    freshnessQuery(PROJECT, { ...pipeline, trigger: { ...pipeline.trigger, schedule } }),
    {},
  );
  return row;
};

test('nothing published: the view is empty', async () => {
  assert.equal(await fresh('0 6 * * *'), undefined);
});

test('the newest publication stands in it, by its number and not by the clock', async () => {
  await sales.publishRows(2, GOOD);
  const gate = { kind: 'failed', detail: 'wape is 0.9 against 0.1' } as const;
  const again = { id: 'sales-again', kind: 'replay', allowOlder: true, gate, summary: {} } as const;
  await sales.publishRows(1, GOOD, again);
  const { published_at, next_expected_at, ...row } = (await fresh('0 6 * * *')) ?? {};
  assert.match(`${String(published_at)} ${String(next_expected_at)}`, /^\d{4}-.*Z \d{4}-.*Z$/);
  assert.deepEqual(row, {
    data_as_of: null,
    run: '000001-abcdef01',
    kind: 'replay',
    row_count: 4,
    source_files: '[{"role":"flux","name":"été.xlsx","md5":"00ff"}]',
    gate: 'overruled',
    gate_detail: 'wape is 0.9 against 0.1',
  });
});

// The scheduler's own reader of cron lines says when each fires next.
for (const schedule of [
  '0 * * * *',
  '*/15 6-18 * * 1-5',
  '30 2 1 * *',
  '0 0 29 2 *',
  '5 4 13 * 5',
  '0 6 * * sun',
  '0 6 * * 7',
  '10,40 */6 * jan-mar *',
]) {
  test(`the next poll of "${schedule}" is when the scheduler fires next`, async () => {
    // A firing may pass between the two readings of the clock: then the later one is right.
    const earliest = nextFiringMs(schedule, 'Etc/UTC', Date.now());
    const found = Date.parse(String((await fresh(schedule))?.next_expected_at));
    const latest = nextFiringMs(schedule, 'Etc/UTC', Date.now());
    assert.ok(found === earliest || found === latest, `${new Date(found).toISOString()}`);
  });
}

test('a schedule that no day can meet has no next poll', async () => {
  assert.equal((await fresh('0 0 30 2 *'))?.next_expected_at, null);
});

for (const schedule of [
  '0 * * *',
  'every hour',
  '60 * * * *',
  '5-1 * * * *',
  '0 0 * foo *',
  '*/0 * * * *',
  '5/20 3 * * *',
]) {
  test(`"${schedule}" is no schedule, and the error says what was expected`, () => {
    assert.throws(
      () => freshnessQuery(PROJECT, { ...pipeline, trigger: { ...pipeline.trigger, schedule } }),
      /expected/,
    );
  });
}

test('no column of the ledger or the view is a reserved word, which the local BigQuery would let pass', () => {
  const query = freshnessQuery(PROJECT, pipeline);
  const aliases = [...query.matchAll(/ AS (\w+)/g)].map(([, alias = '']) => alias);
  assert.ok(aliases.length > 3);
  const names = [...aliases, ...LEDGER_FIELDS.map(({ name }) => name)];
  assert.deepEqual(names.filter(isReservedWord), []);
});
