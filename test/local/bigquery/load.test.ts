// Loads of CSV files: what is accepted, what is refused, and where the error is located.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { csvLoad, openLocalBigQuery, runJob, type LocalBigQuery } from './open-bigquery.ts';

const FIELDS = [
  { name: 'mall', type: 'STRING', mode: 'REQUIRED' },
  { name: 'day', type: 'DATE' },
  { name: 'actual', type: 'FLOAT' },
  { name: 'predicted', type: 'INTEGER' },
];
const HEADER = 'mall,day,actual,predicted\n';

let local: LocalBigQuery;
let count = 0;
before(async () => {
  local = await openLocalBigQuery();
});
after(() => local.close());

const load = (
  content: string | Uint8Array,
  more: object = {},
  fields: object[] = FIELDS,
  table = `t${++count}`,
) => {
  const uri = local.put(`${table}.csv`, content);
  return runJob(local.client, `load_${table}_${++count}`, csvLoad(uri, table, fields, more));
};

test('a file of a name that could be a pattern is that one file', async () => {
  local.put('a-day.csv', 'message\nfrom the file beside it\n');
  for (const name of ['a?day.csv', 'a[1].csv', "it's 100% é.csv"]) {
    const uri = local.put(name, 'message\nits own\n');
    const table = `pattern${++count}`;
    await runJob(
      local.client,
      `load_${table}`,
      csvLoad(uri, table, [{ name: 'message', type: 'STRING' }], {}),
    );
    assert.deepEqual(await local.query(`SELECT * FROM ds.${table}`), [{ message: 'its own' }], name);
  }
});

test('a good file is loaded, typed, and counted', async () => {
  const file = `${HEADER}Évry,2025-01-01,1.5,10\n"A, ""B""",2025-1-2,,-3\nC,2025-01-03,NaN,\nD,,-inf,+7\n`;
  const { status, statistics } = await load(file, {}, FIELDS, 'good');
  assert.equal(status.errorResult, undefined);
  assert.equal(statistics.load?.['outputRows'], '4');
  assert.equal(statistics.load?.['inputFileBytes'], String(Buffer.byteLength(file)));
  const rows = await local.query(
    'SELECT mall, CAST(day AS STRING) AS day, actual, predicted FROM ds.good ORDER BY mall',
  );
  assert.deepEqual(rows, [
    { mall: 'A, "B"', day: '2025-01-02', actual: null, predicted: -3 },
    { mall: 'C', day: '2025-01-03', actual: NaN, predicted: null },
    { mall: 'D', day: null, actual: -Infinity, predicted: 7 },
    { mall: 'Évry', day: '2025-01-01', actual: 1.5, predicted: 10 },
  ]);
});

test('an empty text is NULL without quotes and empty with them', async () => {
  await load(
    'a,b\n,""\n',
    {},
    [
      { name: 'a', type: 'STRING' },
      { name: 'b', type: 'STRING' },
    ],
    'empty',
  );
  assert.deepEqual(await local.query('SELECT a, b FROM ds.empty'), [{ a: null, b: '' }]);
});

test('a null marker of one’s own makes empty cells of other types an error', async () => {
  const fields = [
    { name: 'a', type: 'STRING' },
    { name: 'b', type: 'INTEGER' },
  ];
  const good = await load('a,b\n,1\n\\N,\\N\n', { nullMarker: '\\N' }, fields, 'marked');
  assert.equal(good.status.errorResult, undefined);
  assert.deepEqual(await local.query('SELECT a, b FROM ds.marked ORDER BY b'), [
    { a: null, b: null },
    { a: '', b: 1 },
  ]);
  const bad = await load('a,b\nx,\n', { nullMarker: '\\N' }, fields);
  assert.match(bad.status.errors![1]!.message, /Could not parse '' as INT64/);
});

const REFUSED: readonly [string, string, RegExp][] = [
  [
    'a fraction among whole numbers',
    'A,2025-01-01,1,1.6\n',
    /Could not parse '1\.6' as INT64.*line_number: 2 byte_offset_to_start_of_line: 26 column_index: 3 column_name: "predicted" column_type: INT64 value: "1\.6" File: gs:\/\/b\//,
  ],
  ['a whole number in scientific form', 'A,2025-01-01,1,1e3\n', /'1e3' as INT64/],
  ['a hexadecimal number', 'A,2025-01-01,1,0x10\n', /'0x10' as INT64/],
  ['a number with underscores', 'A,2025-01-01,1,1_000\n', /'1_000' as INT64/],
  ['a number that is too large', 'A,2025-01-01,1,9223372036854775808\n', /as INT64/],
  ['a text among floats', 'A,2025-01-01,abc,1\n', /'abc' as DOUBLE.*column_index: 2/],
  ['a number beyond the range of a double', 'A,2025-01-01,1e400,1\n', /'1e400' as DOUBLE.*column_index: 2/],
  ['a negative one', 'A,2025-01-01,-1.8e308,1\n', /'-1\.8e308' as DOUBLE/],
  ['a space before a number', 'A,2025-01-01, 1,1\n', /' 1' as DOUBLE/],
  ['a date with slashes', 'A,2025/01/01,1,1\n', /'2025\/01\/01' as a date.*column_index: 1/],
  ['a date that is no day', 'A,2025-02-30,1,1\n', /'2025-02-30' as a date/],
  ['a time in a date', 'A,2025-01-01 00:00:00,1,1\n', /as a date/],
  ['an infinite date', 'A,infinity,1,1\n', /as a date/],
  ['the header once more', `A,2025-01-01,1,1\n${HEADER}`, /'day' as a date.*line_number: 3/],
  [
    'a row with too few columns',
    'A,2025-01-01,1\n',
    /CSV table references column position 3, but line contains only 3 columns/,
  ],
  ['a row with too many columns', 'A,2025-01-01,1,1,1\n', /Too many values/],
  ['an empty required cell', ',2025-01-01,1,1\n', /Required column value is missing.*column_index: 0/],
  ['an open quote', '"A,2025-01-01,1,1\n', /Missing close quote/],
  ['a quoted newline that was not allowed', '"A\nB",2025-01-01,1,1\n', /Missing close quote/],
  ['a NUL character', 'A\0,2025-01-01,1,1\n', /ASCII 0/],
];

for (const [what, row, expected] of REFUSED)
  test(`${what} is refused with its place, and the table stays as it was`, async () => {
    const table = `refused${++count}`;
    await load(`${HEADER}kept,2025-01-01,1,1\n`, {}, FIELDS, table);
    const { status } = await load(`${HEADER}${row}`, {}, FIELDS, table);
    assert.equal(status.errorResult?.reason, 'invalid');
    assert.match(
      status.errorResult.message,
      /CSV processing encountered too many errors, giving up\. Rows: \d+; errors: 1; max bad: 0/,
    );
    assert.deepEqual(status.errors![0], status.errorResult);
    assert.match(status.errors![1]!.message, expected);
    assert.deepEqual(await local.query(`SELECT mall FROM ds.${table}`), [{ mall: 'kept' }]);
  });

test('a byte that is not UTF-8 is refused with its line', async () => {
  const { status } = await load(Buffer.from(`${HEADER}A,2025-01-01,1,1\n\xc9vry,2025-01-01,1,1\n`, 'latin1'));
  assert.match(status.errors![1]!.message, /UTF-8.*line_number: 3/);
});

test('a place far down the file is exact, through quoted newlines', async () => {
  const rows = Array.from({ length: 5000 }, (_, index) => `"A\n${index}",2025-01-01,1,${index}\n`).join('');
  const { status } = await load(`${HEADER}${rows}B,2025-01-01,1,x\n`, { allowQuotedNewlines: true });
  const byte = Buffer.byteLength(HEADER + rows);
  assert.match(
    status.errors![1]!.message,
    new RegExp(`line_number: 10002 byte_offset_to_start_of_line: ${byte} column_index: 3`),
  );
});

test('an object that does not exist is reported by name', async () => {
  const { status } = await runJob(local.client, 'missing', csvLoad('gs://b/none.csv', 'none', FIELDS));
  assert.equal(status.errorResult?.reason, 'notFound');
  assert.match(status.errorResult.message, /Not found: URI gs:\/\/b\/none\.csv/);
});

test('an empty file, and one with only a header, load no rows', async () => {
  for (const content of ['', HEADER, 'mall,day,actual,predicted']) {
    const { status, statistics } = await load(content);
    assert.equal(status.errorResult, undefined, JSON.stringify(status));
    assert.equal(statistics.load?.['outputRows'], '0');
  }
});

for (const [what, header] of [
  ['that is never closed', 'mall,"day,actual,predicted\n'],
  ['that a row closes', 'mall,day,"actual,predicted\nA,2025-01-01,1,1\nB",2025-01-01,1,1\n'],
] as const)
  test(`a quote in the header ${what} swallows no rows: the file is refused`, async () => {
    for (const allowQuotedNewlines of [true, false]) {
      const { status } = await load(`${header}C,2025-01-01,1,1\n`, { allowQuotedNewlines });
      assert.equal(status.errorResult?.reason, 'invalid');
      assert.match(status.errors![1]!.message, /Missing close quote character.*line_number: 1 .*File: gs:/);
    }
  });

test('the write dispositions append, replace, or insist on an empty table', async () => {
  const row = `${HEADER}A,2025-01-01,1,1\n`;
  await load(row, { writeDisposition: 'WRITE_EMPTY' }, FIELDS, 'disposed');
  await load(row, { writeDisposition: 'WRITE_APPEND' }, FIELDS, 'disposed');
  assert.deepEqual(await local.query('SELECT COUNT(*) AS n FROM ds.disposed'), [{ n: 2 }]);
  const refused = await load(row, { writeDisposition: 'WRITE_EMPTY' }, FIELDS, 'disposed');
  assert.equal(refused.status.errorResult?.reason, 'duplicate');
  await load(row, { writeDisposition: 'WRITE_TRUNCATE' }, FIELDS.slice(0, 4).reverse().reverse(), 'disposed');
  assert.deepEqual(await local.query('SELECT COUNT(*) AS n FROM ds.disposed'), [{ n: 1 }]);
});

test('an option that would change the load is refused by its name', async () => {
  const uri = local.put('options.csv', HEADER);
  for (const option of [
    { maxBadRecords: 5 },
    { autodetect: true },
    { sourceFormat: 'PARQUET' },
    { hivePartitioningOptions: {} },
  ])
    await assert.rejects(
      local.client.createJob({
        jobId: `option${++count}`,
        location: 'EU',
        configuration: csvLoad(uri, 'options', FIELDS, option),
      }),
      (error: { code?: number; message: string }) =>
        error.code === 501 && error.message.includes(Object.keys(option)[0]!),
    );
});

test('every type reads what BigQuery reads', async () => {
  const fields = ['TIMESTAMP', 'NUMERIC', 'BOOLEAN', 'DATETIME'].map((type) => ({
    name: type.toLowerCase(),
    type,
  }));
  const { status } = await load(
    'a,b,c,d\n2025-01-01T02:00:00+02:00,1.123456789,true,2025-01-01 10:00:00\n2025-01-01 00:00:00 UTC,-12345678901234567890.5,0,\n',
    {},
    fields,
    'typed',
  );
  assert.equal(status.errorResult, undefined, JSON.stringify(status.errors));
  const rows = await local.query(
    'SELECT CAST(timestamp AS STRING) AS t, CAST(numeric AS STRING) AS n, boolean AS b FROM ds.typed ORDER BY numeric',
  );
  assert.deepEqual(rows, [
    { t: '2025-01-01 00:00:00+00', n: '-12345678901234567890.5', b: false },
    { t: '2025-01-01 00:00:00+00', n: '1.123456789', b: true },
  ]);
  const refused = await load('a,b,c,d\nyesterday,1,true,\n', {}, fields);
  assert.match(refused.status.errors![1]!.message, /'yesterday' as a timestamp\. Required format is/);
  const wide = await load('a,b,c,d\n2025-01-01,1.1234567891,true,\n', {}, fields);
  assert.match(wide.status.errors![1]!.message, /'1\.1234567891' as NUMERIC/);
});
