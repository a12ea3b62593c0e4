// Transactions that run at once: who changes rows of one table conflicts, who only inserts does not.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { until } from '../../waiting.ts';
import { csvLoad, openLocalBigQuery, runJob, type LocalBigQuery } from './open-bigquery.ts';

let local: LocalBigQuery;
before(async () => {
  local = await openLocalBigQuery();
  const fields = [
    { name: 'name', type: 'STRING' },
    { name: 'n', type: 'INTEGER' },
  ];
  for (const tableId of ['locks', 'ledger', 'other'])
    await local.bigquery.ensureTable({ datasetId: 'ds', tableId, schema: { fields } });
});
after(() => local.close());

beforeEach(async () => {
  for (const table of ['locks', 'ledger', 'other']) await local.query(`TRUNCATE TABLE ds.${table}`);
  await local.query(`INSERT INTO ds.locks (name, n) VALUES ('a', 0), ('b', 0)`);
});

let jobs = 0;

/** Runs the scripts at once: all of them have been taken in before the first gets its turn. Gives how each ended. */
async function atOnce(...scripts: readonly (string | object)[]): Promise<readonly (string | undefined)[]> {
  // As long as this query runs, those that come after it wait.
  const holds = local.client.createQueryJob({
    query: 'SELECT COUNT(*) FROM UNNEST(GENERATE_ARRAY(1, 30000)) a, UNNEST(GENERATE_ARRAY(1, 300000)) b',
    location: 'EU',
  });
  const [holding] = await holds;
  const configurations = scripts.map((script) =>
    typeof script === 'string' ? { query: { query: script, useLegacySql: false } } : script,
  );
  const made = await Promise.all(
    configurations.map((configuration) =>
      local.client.createJob({ jobId: `job-${++jobs}`, location: 'EU', configuration }),
    ),
  );
  const [{ status }] = await holding.getMetadata();
  assert.notEqual(status.state, 'DONE', 'the first query has not ended when the last job has been taken in');
  await holding.cancel();
  return Promise.all(
    made.map(async ([job]) => {
      const ended = await until('the job to end', async () => {
        const [{ status: found }] = await job.getMetadata();
        return found.state === 'DONE' ? found : undefined;
      });
      return ended.errorResult?.message;
    }),
  );
}

const transaction = (...statements: readonly string[]): string =>
  ['BEGIN TRANSACTION', ...statements, 'COMMIT TRANSACTION'].join(';\n');

const take = (name: string) => [
  `UPDATE ds.locks SET n = n + 1 WHERE name = '${name}'`,
  `ASSERT @@row_count = 1 AS 'the lock has one row'`,
];

const ABORTED =
  /^Transaction is aborted due to concurrent update against table p:ds\.locks\. Transaction ID: \S+$/;

const rowsOf = async (table: string) => local.query(`SELECT name, n FROM ds.${table} ORDER BY name, n`);

test('of two transactions that update one row at once, one is aborted and has changed nothing', async () => {
  const enter = (n: number) =>
    transaction(...take('a'), `INSERT INTO ds.ledger (name, n) VALUES ('entry', ${n})`);
  const [first, second] = await atOnce(enter(1), enter(2));
  assert.equal(first, undefined);
  assert.match(second ?? '', ABORTED);
  assert.deepEqual(await rowsOf('ledger'), [{ name: 'entry', n: 1 }]);
  assert.deepEqual(await rowsOf('locks'), [
    { name: 'a', n: 1 },
    { name: 'b', n: 0 },
  ]);
  // Submitted again, it commits.
  const again = await runJob(local.client, 'again', { query: { query: enter(2), useLegacySql: false } });
  assert.equal(again.status.errorResult, undefined);
});

test('two transactions that update different rows of one table conflict all the same', async () => {
  const [first, second] = await atOnce(transaction(...take('a')), transaction(...take('b')));
  assert.equal(first, undefined);
  assert.match(second ?? '', ABORTED);
});

test('two transactions that only insert into one table both commit, and neither sees the other', async () => {
  const insert = (n: number) =>
    transaction(
      `ASSERT NOT EXISTS(SELECT 1 FROM ds.ledger) AS 'the ledger is empty'`,
      `INSERT INTO ds.ledger (name, n) VALUES ('entry', ${n})`,
    );
  assert.deepEqual(await atOnce(insert(1), insert(2), insert(3)), [undefined, undefined, undefined]);
  assert.deepEqual(
    (await rowsOf('ledger')).map(({ n }: { n: number }) => n),
    [1, 2, 3],
  );
});

test('transactions that change different tables both commit', async () => {
  const change = (table: string) =>
    transaction(
      `UPDATE ds.${table} SET n = 9 WHERE TRUE`,
      `INSERT INTO ds.ledger (name, n) VALUES ('${table}', 1)`,
    );
  assert.deepEqual(await atOnce(change('locks'), change('other')), [undefined, undefined]);
});

const CHANGES = {
  UPDATE: `UPDATE ds.locks SET n = 5 WHERE name = 'b'`,
  DELETE: `DELETE FROM ds.locks WHERE name = 'b'`,
  TRUNCATE: 'TRUNCATE TABLE ds.locks',
  MERGE: `MERGE ds.locks t USING (SELECT 'b' AS name) s ON t.name = s.name WHEN MATCHED THEN UPDATE SET n = 7`,
};
for (const [kind, statement] of Object.entries(CHANGES)) {
  test(`${kind} in a transaction conflicts with a transaction that changes the table`, async () => {
    const [first, second] = await atOnce(transaction(...take('a')), transaction(statement));
    assert.equal(first, undefined);
    assert.match(second ?? '', ABORTED);
  });

  test(`a ${kind} by itself waits for a transaction, and aborts one that began before it`, async () => {
    const [transacted, alone] = await atOnce(transaction(...take('a')), statement);
    assert.deepEqual([transacted, alone], [undefined, undefined]);
    await local.query(`INSERT INTO ds.locks (name, n) VALUES ('b', 0)`);
    const [other, late] = await atOnce(statement, transaction(...take('a')));
    assert.equal(other, undefined);
    assert.equal(late, 'Could not serialize access to table p:ds.locks due to concurrent update');
  });
}

test('a load that replaces the table aborts a transaction that began before it', async () => {
  const uri = local.put('locks.csv', 'name,n\na,0\n');
  const fields = [
    { name: 'name', type: 'STRING' },
    { name: 'n', type: 'INTEGER' },
  ];
  const [load, late] = await atOnce(csvLoad(uri, 'locks', fields), transaction(...take('a')));
  assert.equal(load, undefined);
  assert.match(late ?? '', /^Could not serialize access to table p:ds\.locks /);
});

test('a transaction that writes to a table which was replaced or dropped meanwhile is not lost in silence', async () => {
  const replace = `CREATE OR REPLACE TABLE ds.other AS SELECT 'new' AS name, 1 AS n`;
  for (const first of [replace, 'DROP TABLE ds.other']) {
    const insert = transaction(`INSERT INTO ds.other (name, n) VALUES ('old', 2)`);
    const [changed, late] = await atOnce(first, insert);
    assert.equal(changed, undefined);
    assert.equal(late, 'Could not serialize access to table due to concurrent update');
    await local.query(replace);
  }
});

test('a transaction that was rolled back conflicts with no other', async () => {
  const lost = transaction(...take('a'), `ASSERT FALSE AS 'no'`);
  const [first, second] = await atOnce(lost, transaction(...take('a')));
  assert.equal(first, 'Assertion failed: no');
  assert.equal(second, undefined);
});

test('a script with two transactions does not conflict with itself', async () => {
  assert.deepEqual(await atOnce([transaction(...take('a')), transaction(...take('a'))].join(';\n')), [
    undefined,
  ]);
  assert.deepEqual((await rowsOf('locks'))[0], { name: 'a', n: 2 });
});

test('@@row_count is what the statement before changed, and NULL after any other', async () => {
  const script = (...statements: readonly string[]) => atOnce(transaction(...statements));
  assert.deepEqual(await script(`UPDATE ds.locks SET n = 3 WHERE TRUE`, 'ASSERT @@row_count = 2'), [
    undefined,
  ]);
  assert.deepEqual(await script(`DELETE FROM ds.locks WHERE name = 'none'`, 'ASSERT @@row_count = 0'), [
    undefined,
  ]);
  assert.deepEqual(
    await script(`INSERT INTO ds.ledger (name, n) VALUES ('x', 1), ('y', 2)`, 'ASSERT @@row_count = 2'),
    [undefined],
  );
  assert.deepEqual(
    await script(`UPDATE ds.locks SET n = 4 WHERE name = 'gone'`, `ASSERT @@row_count = 1 AS 'one'`),
    ['Assertion failed: one'],
  );
  assert.deepEqual(
    await script('UPDATE ds.locks SET n = 5 WHERE TRUE', 'ASSERT TRUE', 'ASSERT @@row_count IS NULL'),
    [undefined],
  );
});

test('another system variable is refused by name', async () => {
  await assert.rejects(
    local.query('SELECT @@error.message'),
    /not supported by the local BigQuery: @@error\.message/,
  );
});
