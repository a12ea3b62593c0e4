// Queries: what GoogleSQL means, what is refused by name, and what must not be reachable.
import assert from 'node:assert/strict';
import { BigQueryDate } from '@google-cloud/bigquery';
import { after, before, test } from 'node:test';
import { openLocalBigQuery, type LocalBigQuery } from './open-bigquery.ts';

let local: LocalBigQuery;
before(async () => {
  local = await openLocalBigQuery();
  await local.bigquery.ensureTable({
    datasetId: 'ds',
    tableId: 'visits',
    schema: {
      fields: [
        { name: 'mall', type: 'STRING' },
        { name: 'day', type: 'DATE' },
        { name: 'n', type: 'INT64' },
        { name: 'share', type: 'FLOAT64' },
      ],
    },
  });
  await local.query(`INSERT INTO ds.visits (mall, day, n, share) VALUES
    ('A', DATE '2025-01-01', 1, 0.5), ('A', DATE '2025-01-02', 3, 1.5),
    ('B', DATE '2025-01-01', 10, NULL), ('B', DATE '2025-01-01', 10, 2.0), (NULL, NULL, NULL, NULL)`);
});
after(() => local.close());

/** One expression over no table, as text (or null) so that types cannot hide. */
const ANSWERS: readonly [expression: string, answer: unknown][] = [
  ['7 / 2', 3.5],
  ['SAFE_DIVIDE(1, 0)', null],
  ['DIV(-7, 2)', -3],
  ['MOD(-7, 3)', -1],
  ['2147483647 + 1', 2147483648],
  ['ROUND(2.5)', 3],
  ['ROUND(-2.5)', -3],
  ['ROUND(1.256, 2)', 1.26],
  ['ABS(-3)', 3],
  ['FLOOR(1.7) + CEIL(1.2)', 3],
  ['CAST(2.5 AS INT64)', 3],
  ["CAST('12' AS INT64)", 12],
  ["SAFE_CAST('1.6' AS INT64)", null],
  ["SAFE_CAST('2025-02-30' AS DATE)", null],
  ['CAST(1.0 AS STRING)', '1'],
  ['CAST(1.5 AS STRING)', '1.5'],
  ['CAST(TRUE AS STRING)', 'true'],
  ["CAST(DATE '2025-01-05' AS STRING)", '2025-01-05'],
  ["CAST(TIMESTAMP '2025-01-05 02:00:00+02' AS STRING)", '2025-01-05 00:00:00+00'],
  ['CAST(CAST(1.123456789 AS NUMERIC) AS STRING)', '1.123456789'],
  ["CONCAT('a', 'b', 'c')", 'abc'],
  ["CONCAT('a', NULL)", null],
  ["'a' || NULL", null],
  ["LENGTH('Évry')", 4],
  ["LOWER('ÉA') || UPPER('éa')", 'éaÉA'],
  ["TRIM('\\t a \\n')", 'a'],
  ["SUBSTR('abc', 0, 2)", 'ab'],
  ["SUBSTR('abc', -2)", 'bc'],
  ["REPLACE('aXbX', 'X', '-')", 'a-b-'],
  ["STARTS_WITH('abc', 'ab') AND ENDS_WITH('abc', 'bc')", true],
  ["REGEXP_CONTAINS('xaby', 'ab')", true],
  ["'a%c' LIKE 'a\\\\%c'", true],
  ["'abc' LIKE 'a\\\\%c'", false],
  ["'a' = 'A'", false],
  ["'B' < 'a'", true],
  ['GREATEST(1, NULL, 3)', null],
  ['LEAST(2, 1)', 1],
  ['IFNULL(NULL, 4)', 4],
  ['COALESCE(NULL, NULL, 5)', 5],
  ["NULLIF('a', 'a')", null],
  ["IF(1 > 2, 'yes', 'no')", 'no'],
  ["CASE 2 WHEN 1 THEN 'one' WHEN 2 THEN 'two' END", 'two'],
  ['NULL IN (1, 2)', null],
  ['3 NOT IN (1, 2)', true],
  ['2 BETWEEN 1 AND 3', true],
  ["DATE_DIFF(DATE '2025-03-01', DATE '2025-02-27', DAY)", 2],
  ["DATE_DIFF('2025-03-01', '2025-02-27', MONTH)", 1],
  ["CAST(DATE_ADD(DATE '2025-01-31', INTERVAL 1 MONTH) AS STRING)", '2025-02-28'],
  ["CAST(DATE_SUB('2025-03-01', INTERVAL 1 DAY) AS STRING)", '2025-02-28'],
  ["CAST(DATE_TRUNC(DATE '2025-03-17', MONTH) AS STRING)", '2025-03-01'],
  ["FORMAT_DATE('%d/%m/%Y', DATE '2025-03-17')", '17/03/2025'],
  ["CAST(PARSE_DATE('%d/%m/%Y', '17/03/2025') AS STRING)", '2025-03-17'],
  ["EXTRACT(DAYOFWEEK FROM DATE '2025-01-05')", 1],
  ["EXTRACT(ISOWEEK FROM DATE '2025-01-01')", 1],
  ["EXTRACT(YEAR FROM TIMESTAMP '2024-12-31 23:30:00-01')", 2025],
  ["TIMESTAMP_DIFF(TIMESTAMP '2025-01-01 01:59:59', TIMESTAMP '2025-01-01 00:00:00', HOUR)", 1],
  ["DATE '2025-01-31' + 1 = DATE '2025-02-01'", true],
  ["ARRAY_LENGTH(GENERATE_DATE_ARRAY('2025-01-01', '2025-01-03'))", 3],
  ['r\'\\d\' || """a"b"""', '\\da"b'],
];

for (const [expression, answer] of ANSWERS)
  test(`${expression} is ${JSON.stringify(answer)}`, async () => {
    const [row] = await local.query(`SELECT ${expression} AS x`);
    assert.deepEqual(row, { x: answer });
  });

const FAILURES: readonly [sql: string, message: RegExp][] = [
  ['SELECT 1 / 0', /division by zero/],
  ['SELECT n / 0 FROM ds.visits', /division by zero/],
  ['SELECT MOD(1, 0)', /division by zero/],
  ["SELECT CAST('1.6' AS INT64)", /Bad int64 value: 1\.6/],
  ["SELECT CAST('2025/01/01' AS DATE)", /Invalid date/],
  ["SELECT n FROM ds.visits WHERE n = '10'", /No matching signature for operator =/],
  ['SELECT mall + 1 FROM ds.visits', /No matching signature for operator \+/],
  ['SELECT 9223372036854775807 + 1', /[Oo]verflow/],
  ['SELECT SUM(n + 9223372036854775000) FROM ds.visits', /range|[Oo]verflow/],
  ['SELECT nope FROM ds.visits', /Unrecognized name: nope/],
  ['SELECT v.nope FROM ds.visits AS v', /Unrecognized name: nope/],
  ['SELECT session_user FROM ds.visits', /Unrecognized name|not supported/],
  ['SELECT mall, COUNT(*) FROM ds.visits', /neither grouped nor aggregated/],
  ['SELECT n, n FROM ds.visits', /Duplicate column names/],
  ['SELECT (SELECT n FROM ds.visits)', /more than one element/],
  ['SELECT * FROM visits', /must be qualified with a dataset/],
  ['SELEC 1', /Syntax error/],
  ["SELECT 'open", /Unclosed string literal/],
  ["SELECT 'it''s'", /Syntax error/],
  ['SELECT @missing', /Query parameter 'missing' not found/],
  ['DELETE FROM ds.visits', /must have a WHERE clause/],
  [
    'INSERT INTO ds.visits (n) SELECT mall FROM ds.visits',
    /has type STRING which cannot be inserted into column n/,
  ],
  ['SELECT CAST(1 AS NUMERIC) / 3', /division of NUMERIC/],
];

for (const [sql, message] of FAILURES)
  test(`${sql} fails as in BigQuery`, async () => {
    await assert.rejects(
      local.query(sql),
      (error: { code?: number; message: string; errors?: { reason: string }[] }) => {
        assert.equal(error.code, 400);
        assert.equal(error.errors?.[0]?.reason, 'invalidQuery');
        assert.match(error.message, message);
        return true;
      },
    );
  });

const UNREACHABLE = [
  "SELECT * FROM read_csv('/etc/passwd')",
  "SELECT * FROM '/etc/passwd'",
  'SELECT * FROM `/etc/passwd`',
  'SELECT * FROM `/etc/passwd.csv`',
  "SELECT * FROM ds.visits, read_text('/etc/passwd')",
  "SELECT read_text('/etc/passwd')",
  "SELECT getenv('HOME')",
  'SELECT * FROM duckdb_settings()',
  'SELECT * FROM information_schema.tables',
  'SELECT * FROM sluice.jobs',
  'SELECT * FROM main.sqlite_master',
  "COPY ds.visits TO '/tmp/stolen.csv'",
  "ATTACH '/tmp/other.duckdb'",
  'PRAGMA version',
  'INSTALL httpfs',
  "SET memory_limit = '10GB'",
  "EXPORT DATA OPTIONS(uri = 'gs://b/x') AS SELECT 1",
  'CREATE VIEW ds.v AS SELECT 1 AS x',
  'CALL pragma_version()',
  "SELECT 1; COPY ds.visits TO '/tmp/stolen.csv'",
  'SELECT rowid FROM ds.visits',
];

for (const sql of UNREACHABLE)
  test(`${sql} is refused`, async () => {
    await assert.rejects(
      local.query(sql),
      (error: { code?: number }) => error.code === 400 || error.code === 404,
    );
  });

for (const [sql, name] of [
  ['SELECT FARM_FINGERPRINT(mall) FROM ds.visits', /FARM_FINGERPRINT/],
  ["SELECT FORMAT('%d', n) FROM ds.visits", /FORMAT/],
  ['SELECT SAFE.LOG(n) FROM ds.visits', /SAFE\.LOG/],
  ["SELECT REGEXP_REPLACE(mall, 'a', 'b') FROM ds.visits", /REGEXP_REPLACE/],
  ['SELECT DATE_DIFF(day, day, WEEK) FROM ds.visits', /DATE_DIFF by WEEK/],
  ["SELECT FORMAT_DATE('%A', day) FROM ds.visits", /%A/],
  ['SELECT * FROM ds.visits TABLESAMPLE SYSTEM (10 PERCENT)', /table sample/],
  ['SELECT * FROM ds.visits FOR SYSTEM_TIME AS OF yesterday', /system time/],
  ['SELECT mall FROM ds.visits GROUP BY ROLLUP(mall)', /ROLLUP/],
  ['SELECT SUM(n) OVER (ORDER BY n RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) FROM ds.visits', /RANGE/],
  ['UPDATE ds.visits SET n = 1 FROM ds.visits v WHERE TRUE', /from clause/],
  ['SELECT 1 FROM (SELECT 2 AS a) UNION ALL SELECT 3', /UNION.* no alias/],
  ['SELECT 1 FROM (SELECT 2 AS a) UNION ALL SELECT 3 UNION ALL SELECT 4', /UNION.* no alias/],
  ['SELECT x FROM (SELECT 1 AS x FROM (SELECT 2) EXCEPT DISTINCT SELECT 3)', /EXCEPT.* no alias/],
] as const)
  test(`${sql} is refused by name`, async () => {
    await assert.rejects(local.query(sql), (error: { message: string }) => {
      assert.match(error.message, /not supported by the local BigQuery/);
      assert.match(error.message, name);
      return true;
    });
  });

const QUERIES: readonly [sql: string, rows: object[]][] = [
  ['SELECT 1 AS x FROM (SELECT 2 AS a) AS t UNION ALL SELECT 3 ORDER BY x', [{ x: 1 }, { x: 3 }]],
  ['SELECT COUNT(*) AS n FROM (SELECT 2 AS a UNION ALL SELECT 3)', [{ n: 2 }]],
  ['SELECT COUNT(*) AS n FROM ((SELECT 2 AS a) UNION ALL SELECT 3) AS t', [{ n: 2 }]],
  [
    'SELECT COUNT(*) AS c, COUNT(n) AS n, COUNT(DISTINCT mall) AS malls, COUNTIF(n > 2) AS big, SUM(n) AS s, AVG(share) AS a FROM ds.visits',
    [{ c: 5, n: 4, malls: 2, big: 3, s: 24, a: 4 / 3 }],
  ],
  ['SELECT COUNTIF(n > 2) AS big, SUM(n) AS s FROM ds.visits WHERE FALSE', [{ big: 0, s: null }]],
  [
    'SELECT mall, day, COUNT(*) AS c FROM ds.visits GROUP BY mall, day HAVING COUNT(*) > 1',
    [{ mall: 'B', day: new BigQueryDate('2025-01-01'), c: 2 }],
  ],
  ['SELECT n FROM ds.visits ORDER BY n LIMIT 2', [{ n: null }, { n: 1 }]],
  ['SELECT n FROM ds.visits ORDER BY n DESC LIMIT 1 OFFSET 3', [{ n: 1 }]],
  ['SELECT MALL FROM DS.visits WHERE Mall = "A" AND N = 1'.replace('DS', 'ds'), [{ mall: 'A' }]],
  [
    'SELECT mall, ARRAY_AGG(n ORDER BY n DESC LIMIT 1) AS top, STRING_AGG(CAST(n AS STRING), "/" ORDER BY n) AS all_n FROM ds.visits WHERE mall IS NOT NULL GROUP BY mall ORDER BY mall',
    [
      { mall: 'A', top: [3], all_n: '1/3' },
      { mall: 'B', top: [10], all_n: '10/10' },
    ],
  ],
  [
    'WITH days AS (SELECT d FROM UNNEST(GENERATE_DATE_ARRAY("2025-01-01", "2025-01-03")) AS d) SELECT CAST(d AS STRING) AS d, v.n FROM days LEFT JOIN ds.visits AS v ON v.day = d AND v.mall = "A" ORDER BY 1',
    [
      { d: '2025-01-01', n: 1 },
      { d: '2025-01-02', n: 3 },
      { d: '2025-01-03', n: null },
    ],
  ],
  [
    'SELECT n, ROW_NUMBER() OVER (PARTITION BY mall ORDER BY n, share) AS r, LAG(n) OVER (ORDER BY n) AS before, SUM(n) OVER (ORDER BY n ROWS UNBOUNDED PRECEDING) AS running FROM ds.visits WHERE mall = "A" ORDER BY n',
    [
      { n: 1, r: 1, before: null, running: 1 },
      { n: 3, r: 2, before: 1, running: 4 },
    ],
  ],
  ['SELECT 1 AS x UNION ALL SELECT 2 UNION DISTINCT SELECT 2 ORDER BY x', [{ x: 1 }, { x: 2 }]],
  ['SELECT * EXCEPT (day, share) FROM ds.visits WHERE n = 3', [{ mall: 'A', n: 3 }]],
  [
    'SELECT n FROM ds.visits WHERE EXISTS (SELECT 1) AND n IN (SELECT 3) AND n NOT IN UNNEST([1, 2])',
    [{ n: 3 }],
  ],
  ['SELECT STRUCT(1 AS a, "x" AS b) AS s, [1, 2] AS l', [{ s: { a: 1, b: 'x' }, l: [1, 2] }]],
  ['SELECT 1, "a", n FROM ds.visits WHERE n = 1', [{ f0_: 1, f1_: 'a', n: 1 }]],
  [
    'SELECT ABS(SUM(n) - 30) AS x, ROUND(AVG(n), 1) AS y, SAFE_DIVIDE(SUM(n), COUNT(*)) AS z, MAX(n) > 5 AS w FROM ds.visits',
    [{ x: 6, y: 6, z: 4.8, w: true }],
  ],
  [
    'SELECT CAST(SUM(n) AS STRING) AS a, CAST(AVG(n) AS STRING) AS b, CAST(MAX(day) AS STRING) AS c FROM ds.visits',
    [{ a: '24', b: '6', c: '2025-01-02' }],
  ],
  [
    'SELECT DATE_DIFF(MAX(day), MIN(day), DAY) + 1 = COUNT(DISTINCT day) AS whole FROM ds.visits',
    [{ whole: true }],
  ],
  [
    'SELECT mall FROM ds.visits QUALIFY ROW_NUMBER() OVER (PARTITION BY mall ORDER BY n) = 1 ORDER BY mall',
    [{ mall: null }, { mall: 'A' }, { mall: 'B' }],
  ],
];

for (const [sql, rows] of QUERIES)
  test(sql, async () => {
    assert.deepEqual(await local.query(sql), rows);
  });

test('parameters are bound, with their types, and never pasted', async () => {
  const evil = `x'); DROP TABLE ds.visits; --`;
  const [row] = await local.query(
    'SELECT @text AS t, @number + 1 AS n, @half AS f, @yes AS b, "A" IN UNNEST(@list) AS l',
    {
      text: evil,
      number: 41,
      half: 0.5,
      yes: true,
      list: ['A', evil],
    },
  );
  assert.deepEqual(row, { t: evil, n: 42, f: 0.5, b: true, l: true });
});

test('a timestamp keeps its microseconds, and CURRENT_TIMESTAMP is the clock’s', async () => {
  const [row] = await local.query(
    "SELECT TIMESTAMP '2025-01-01 00:00:00.123456+00' AS t, TIMESTAMP_DIFF(CURRENT_TIMESTAMP(), TIMESTAMP '2025-01-01', DAY) > 0 AS later",
  );
  assert.deepEqual(JSON.parse(JSON.stringify(row)), {
    t: { value: '2025-01-01T00:00:00.123456000Z' },
    later: true,
  });
});

test('a parameter that is not of its type is refused', async () => {
  const ask = (type: string, value: string) =>
    local.client.query({ query: 'SELECT @x AS x', params: { x: value }, types: { x: type }, location: 'EU' });
  await assert.rejects(ask('INT64', '1.6'), /Bad int64 value: 1\.6/);
  await assert.rejects(ask('FLOAT64', '1_0'), /Bad double value/);
  // Of a plain text called DATE or TIMESTAMP the client sends no value at all; its own classes are needed.
  const [row] = await local.query('SELECT @day AS day, @at AS at', {
    day: local.client.date('2025-01-02'),
    at: local.client.timestamp('2025-01-01T00:00:00.000Z'),
  });
  assert.deepEqual([row.day.value, row.at.value], ['2025-01-02', '2025-01-01T00:00:00.000Z']);
});
