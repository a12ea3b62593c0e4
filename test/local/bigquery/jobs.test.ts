// Jobs: ids that are used once, scripts that publish all or nothing, permissions, pages.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { forbidden } from '../../../local/http/errors.ts';
import { csvLoad, openLocalBigQuery, runJob, type LocalBigQuery } from './open-bigquery.ts';

let local: LocalBigQuery;
let refuse: (permission: string, resource: string) => boolean = () => false;
const asked = new Set<string>();

before(async () => {
  local = await openLocalBigQuery({
    authorize: (caller, permission, resource) => {
      asked.add(`${permission} on ${resource}`);
      assert.equal(caller, 'caller@local');
      if (refuse(permission, resource)) throw forbidden(`Access Denied: ${resource}: ${permission}`);
    },
  });
  for (const tableId of ['rows', 'staged'])
    await local.bigquery.ensureTable({
      datasetId: 'ds',
      tableId,
      schema: { fields: [{ name: 'n', type: 'INTEGER' }] },
    });
  await local.bigquery.ensureTable({
    datasetId: 'ds',
    tableId: 'publications',
    schema: {
      fields: [
        { name: 'publication_id', type: 'STRING', mode: 'REQUIRED' },
        { name: 'at', type: 'TIMESTAMP' },
        { name: 'row_count', type: 'INTEGER' },
      ],
    },
  });
});
after(() => local.close());

const publish = (jobId: string, publicationId: string, extra = '') =>
  runJob(local.client, jobId, {
    query: {
      useLegacySql: false,
      parameterMode: 'NAMED',
      queryParameters: [
        {
          name: 'publication_id',
          parameterType: { type: 'STRING' },
          parameterValue: { value: publicationId },
        },
        { name: 'row_count', parameterType: { type: 'INT64' }, parameterValue: { value: '2' } },
      ],
      query: `
        BEGIN TRANSACTION;
        -- The ledger is what makes a publication happen once; a ; in a comment ends nothing.
        ASSERT NOT EXISTS(SELECT 1 FROM \`p.ds.publications\` WHERE publication_id = @publication_id) AS 'already published';
        DELETE FROM \`p.ds.rows\` WHERE TRUE;
        INSERT INTO \`p.ds.rows\` (n) SELECT n FROM \`p.ds.staged\`;
        INSERT INTO \`p.ds.publications\` (publication_id, at, row_count) VALUES (@publication_id, CURRENT_TIMESTAMP(), @row_count);
        ${extra}
        COMMIT TRANSACTION;`,
    },
    labels: { run: 'r1' },
  });

test('a script publishes once; the second time it reports that and changes nothing', async () => {
  await local.query('INSERT INTO ds.staged (n) VALUES (1), (2)');
  const first = await publish('publish_1', 'run-1');
  assert.equal(first.status.errorResult, undefined, JSON.stringify(first.status));
  assert.equal(first.statistics.query?.['statementType'], 'SCRIPT');
  await local.query('DELETE FROM ds.staged WHERE n = 2');
  const second = await publish('publish_2', 'run-1');
  assert.equal(second.status.errorResult?.reason, 'invalidQuery');
  assert.match(second.status.errorResult.message, /Assertion failed: already published/);
  assert.deepEqual(await local.query('SELECT n FROM ds.rows ORDER BY n'), [{ n: 1 }, { n: 2 }]);
  assert.deepEqual(await local.query('SELECT COUNT(*) AS n FROM ds.publications'), [{ n: 1 }]);
});

test('a statement that fails late takes back what came before it', async () => {
  const failed = await publish('publish_3', 'run-3', 'INSERT INTO ds.publications (row_count) VALUES (1);');
  assert.match(failed.status.errorResult!.message, /Required field publication_id cannot be null/);
  assert.deepEqual(await local.query('SELECT COUNT(*) AS n FROM ds.rows'), [{ n: 2 }]);
  assert.deepEqual(
    await local.query("SELECT COUNT(*) AS n FROM ds.publications WHERE publication_id = 'run-3'"),
    [{ n: 0 }],
  );
});

test('a definition inside a transaction is refused', async () => {
  const failed = await publish('publish_4', 'run-4', 'CREATE TABLE ds.made (n INT64);');
  assert.match(failed.status.errorResult!.message, /DDL statements are not supported in a transaction/);
});

test('without a transaction each statement of a script stands by itself', async () => {
  const script =
    "CREATE TABLE ds.alone (n INT64); INSERT INTO ds.alone (n) VALUES (1); ASSERT FALSE AS 'stop'; INSERT INTO ds.alone (n) VALUES (2)";
  const { status } = await runJob(local.client, 'alone', { query: { query: script, useLegacySql: false } });
  assert.match(status.errorResult!.message, /Assertion failed: stop/);
  assert.deepEqual(await local.query('SELECT n FROM ds.alone'), [{ n: 1 }]);
});

test('a job id is used once, by a job that failed too, and attaching finds the first', async () => {
  const configuration = { query: { query: 'SELECT 1 AS n', useLegacySql: false } };
  await runJob(local.client, 'once', configuration);
  const again = local.client.createJob({ jobId: 'once', location: 'EU', configuration });
  await assert.rejects(again, (error: { code?: number; message: string; errors?: { reason: string }[] }) => {
    assert.equal(error.code, 409);
    assert.equal(error.errors?.[0]?.reason, 'duplicate');
    assert.match(error.message, /Already Exists: Job p:EU\.once/);
    return true;
  });
  await assert.rejects(
    local.client.createJob({ jobId: 'publish_3', location: 'EU', configuration }),
    (error: { code?: number }) => error.code === 409,
  );
  const [rows] = await local.client.job('once', { location: 'EU' }).getQueryResults();
  assert.deepEqual(rows, [{ n: 1 }]);
});

test('a job that is not there is not found', async () => {
  await assert.rejects(
    local.client.job('nothing', { location: 'EU' }).getMetadata(),
    (error: { code?: number; message: string }) =>
      error.code === 404 && /Not found: Job p:EU\.nothing/.test(error.message),
  );
});

test('DML tells how many rows it changed', async () => {
  const affected = async (jobId: string, query: string) => {
    const { status, statistics } = await runJob(local.client, jobId, {
      query: { query, useLegacySql: false },
    });
    assert.equal(status.errorResult, undefined, JSON.stringify(status));
    return statistics.query?.['numDmlAffectedRows'];
  };
  await local.query('CREATE OR REPLACE TABLE ds.dml AS SELECT n, "old" AS s FROM UNNEST([1, 2, 3]) AS n');
  assert.equal(await affected('dml_1', 'INSERT ds.dml (n) VALUES (4), (5)'), '2');
  assert.equal(await affected('dml_2', "UPDATE ds.dml SET s = 'new' WHERE n < 3"), '2');
  assert.equal(
    await affected(
      'dml_3',
      "MERGE INTO ds.dml AS t USING (SELECT 3 AS n UNION ALL SELECT 9) AS s ON t.n = s.n WHEN MATCHED THEN UPDATE SET s = 'merged' WHEN NOT MATCHED THEN INSERT (n, s) VALUES (n, 'added') WHEN NOT MATCHED BY SOURCE AND t.n > 4 THEN DELETE",
    ),
    '3',
  );
  assert.deepEqual(await local.query('SELECT n, s FROM ds.dml ORDER BY n'), [
    { n: 1, s: 'new' },
    { n: 2, s: 'new' },
    { n: 3, s: 'merged' },
    { n: 4, s: null },
    { n: 9, s: 'added' },
  ]);
  assert.equal(await affected('dml_4', 'TRUNCATE TABLE ds.dml'), '5');
});

test('rows come in pages, in their order', async () => {
  await runJob(local.client, 'paged', {
    query: { query: 'SELECT n FROM UNNEST(GENERATE_ARRAY(1, 25)) AS n ORDER BY n DESC', useLegacySql: false },
  });
  const job = local.client.job('paged', { location: 'EU' });
  const found: number[] = [];
  let asked: object | null = { maxResults: 10, autoPaginate: false };
  for (let pages = 0; asked !== null && pages < 5; pages++) {
    const answer = (await job.getQueryResults(asked)) as unknown as [{ n: number }[], object | null];
    assert.ok(answer[0].length <= 10);
    found.push(...answer[0].map(({ n }) => n));
    asked = answer[1];
  }
  assert.deepEqual(
    found,
    Array.from({ length: 25 }, (_, index) => 25 - index),
  );
  const [page, next] = await job.getQueryResults({ maxResults: 10, startIndex: '20', autoPaginate: false });
  assert.deepEqual(
    page.map(({ n }: { n: number }) => n),
    [5, 4, 3, 2, 1],
  );
  assert.equal(next, null);
});

test('a page ends at ten megabytes, however many rows were asked for', async () => {
  const long = {
    query: { query: `SELECT '${'x'.repeat(900_000)}' AS t FROM UNNEST(GENERATE_ARRAY(1, 13))` },
  };
  await runJob(local.client, 'long', { query: { ...long.query, useLegacySql: false } });
  const job = local.client.job('long', { location: 'EU' });
  const [first, next] = await job.getQueryResults({ maxResults: 13, autoPaginate: false });
  assert.equal(first.length, 11);
  const [second, last] = await job.getQueryResults({ ...next, autoPaginate: false });
  assert.deepEqual([second.length, last], [2, null]);
});

test('a request id makes a query happen once', async () => {
  const send = () =>
    fetch(`http://127.0.0.1:${local.port}/bigquery/v2/projects/p/queries`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        query: 'INSERT INTO ds.alone (n) VALUES (7)',
        useLegacySql: false,
        requestId: 'request-1',
      }),
    });
  assert.equal((await send()).status, 200);
  assert.equal((await send()).status, 200);
  assert.deepEqual(await local.query('SELECT COUNT(*) AS n FROM ds.alone WHERE n = 7'), [{ n: 1 }]);
});

test('a dry run describes the rows and changes nothing', async () => {
  const [job] = await local.client.createQueryJob({
    query: 'SELECT n, "a" AS s FROM ds.rows',
    dryRun: true,
    location: 'EU',
  });
  assert.deepEqual(
    job.metadata.statistics.query.schema.fields.map(({ name, type }: { name: string; type: string }) => [
      name,
      type,
    ]),
    [
      ['n', 'INTEGER'],
      ['s', 'STRING'],
    ],
  );
  await assert.rejects(
    local.client.createQueryJob({ query: 'SELECT nope FROM ds.rows', dryRun: true }),
    /Unrecognized name: nope/,
  );
});

test('a dry run says how many bytes there are to read: the columns that are named, of the tables that are read', async () => {
  await local.query('CREATE TABLE ds.sized (name STRING, n INT64, price FLOAT64, yes BOOL, day DATE)');
  await local.query(
    "INSERT INTO ds.sized (name, n, price, yes, day) VALUES ('é', 1, NULL, TRUE, '2026-01-01'), ('abc', 2, 2.5, NULL, NULL)",
  );
  const bytesOf = async (query: string) => {
    const [{ metadata }] = await local.client.createQueryJob({ query, dryRun: true, location: 'EU' });
    const { totalBytesProcessed, query: own } = metadata.statistics;
    assert.equal(own.totalBytesProcessed, totalBytesProcessed);
    return Number(totalBytesProcessed);
  };
  const all = 2 + 2 + 2 + 3 + 2 * 8 + 8 + 1 + 8;
  assert.equal(await bytesOf('SELECT COUNT(*) AS n_rows FROM ds.sized'), 0);
  assert.equal(await bytesOf('SELECT n FROM ds.sized'), 16);
  assert.equal(await bytesOf('SELECT n FROM ds.sized WHERE name = "abc"'), 16 + 9);
  assert.equal(await bytesOf('SELECT * FROM ds.sized'), all);
  assert.equal(await bytesOf('DELETE FROM ds.sized WHERE TRUE'), all);
  assert.equal(await bytesOf('INSERT INTO ds.sized (n) SELECT n FROM ds.sized'), 16);
  assert.equal(await bytesOf('SELECT 1 AS one'), 0);
  assert.deepEqual(await local.query('SELECT COUNT(*) AS n FROM ds.sized'), [{ n: 2 }]);
});

test('every table that a job touches is asked about before it runs', async () => {
  asked.clear();
  await publish('publish_5', 'run-5');
  for (const question of [
    'bigquery.jobs.create on projects/p',
    'bigquery.tables.getData on projects/p/datasets/ds/tables/staged',
    'bigquery.tables.updateData on projects/p/datasets/ds/tables/rows',
  ])
    assert.ok(asked.has(question), question);
  refuse = (permission) => permission === 'bigquery.tables.updateData';
  try {
    const configuration = {
      query: { query: 'SELECT 1; DELETE FROM ds.rows WHERE TRUE', useLegacySql: false },
    };
    await assert.rejects(
      local.client.createJob({ jobId: 'denied', location: 'EU', configuration }),
      (error: { code?: number }) => error.code === 403,
    );
    await assert.rejects(
      local.client.createJob({
        jobId: 'denied',
        location: 'EU',
        configuration: csvLoad('gs://b/x.csv', 'rows', []),
      }),
      (error: { code?: number }) => error.code === 403,
    );
  } finally {
    refuse = () => false;
  }
});

test('another location than the dataset’s finds nothing', async () => {
  await assert.rejects(
    local.client.createJob({
      jobId: 'far',
      location: 'US',
      configuration: { query: { query: 'SELECT n FROM ds.rows', useLegacySql: false } },
    }),
    (error: { code?: number; message: string }) =>
      error.code === 404 && /was not found in location US/.test(error.message),
  );
});
