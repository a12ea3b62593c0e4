// Outputs that may not be published: each is quarantined with its reason, and the table stays as it was.
import { Storage } from '@google-cloud/storage';
import { crc32c } from '@node-rs/crc32';
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { LOCAL_PROJECT } from '../../../cli/local-mesh.ts';
import type { OutputManifest } from '../../../shared/outputs/manifest.ts';
import { readLease, swapLease } from '../../../shared/runs/lease.ts';
import { manifestObject, outputFolder } from '../../../shared/runs/names.ts';
import { readOutcome, type RunOutcome } from '../../../shared/runs/outcome.ts';
import { deliveries } from '../deliveries.ts';
import { good, GOOD_ROWS } from '../folders.ts';
import { startMesh, type RunningMesh } from '../start-mesh.ts';

let mesh: RunningMesh;
let bucket: ReturnType<Storage['bucket']>;
/** The CSV that was published first, header line and all. */
let lines: readonly string[] = [];
/** The second table's CSV as it was published first: every output brings it, without a fault. */
let intervals: Buffer = Buffer.alloc(0);
let table = '';
before(async () => {
  mesh = await startMesh();
  mesh.put(good());
  const { run } = await mesh.tick();
  const storage = new Storage({ projectId: LOCAL_PROJECT, apiEndpoint: mesh.cloud.endpoint });
  bucket = storage.bucket(mesh.results.bucket);
  const [csv] = await bucket.file(`carmila/${run}/attempt-1/predictions.csv`).download();
  lines = csv.toString('utf8').trimEnd().split('\n');
  [intervals] = await bucket.file(`carmila/${run}/attempt-1/predictions_intervals.csv`).download();
  assert.equal(lines.length, 1 + GOOD_ROWS);
  table = await mesh.published();
});
after(() => mesh.close());

type DataManifest = Extract<OutputManifest, { kind: 'output' }>;
interface Written {
  readonly csv: readonly string[];
  /** What the manifest says, where that is not the truth. */
  readonly says?: (manifest: DataManifest) => unknown;
}

let sequence = 1;

/** Writes an output as the job of a run that holds the lease would, and gives what came of it. */
async function endOf({ csv, says = (manifest) => manifest }: Written): Promise<RunOutcome> {
  const run = `${String(++sequence).padStart(6, '0')}-0123abcd`;
  const holder = { run, attempt: 1, since: new Date().toISOString() };
  const lease = await readLease(mesh.runs, 'carmila');
  assert.ok(await swapLease(mesh.runs, 'carmila', lease, { token: run, holder, queued: null }));

  const file = await write(
    run,
    'predictions.csv',
    Buffer.from(csv.length === 0 ? '' : `${csv.join('\n')}\n`),
  );
  const second = await write(run, 'predictions_intervals.csv', intervals);
  const writtenAt = new Date().toISOString();
  const head = { kind: 'output', pipeline: 'carmila', run, attempt: 1, writtenAt } as const;
  const manifest = says({ ...head, files: [file, second], rows: Math.max(0, csv.length - 1) });
  const text = typeof manifest === 'string' ? manifest : JSON.stringify(manifest);
  await bucket.file(manifestObject('carmila', run, 1)).save(text, { resumable: false });

  const outcome = await mesh.until(`the outcome of ${run}`, () => readOutcome(mesh.runs, 'carmila', run));
  await mesh.until('the lease to be free', async () =>
    (await readLease(mesh.runs, 'carmila')) === undefined ? true : undefined,
  );
  return outcome;
}

async function write(run: string, name: string, bytes: Buffer): Promise<DataManifest['files'][number]> {
  const object = `${outputFolder('carmila', run, 1)}${name}`;
  await bucket.file(object).save(bytes, { resumable: false });
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32c(bytes));
  return { name, object, sizeBytes: bytes.length, crc32c: sum.toString('base64') };
}

const header = () => lines[0] ?? '';
const body = () => lines.slice(1);
/** The CSV with one line changed; lines count from 1, as an editor counts them. */
const withLine = (line: number, change: (cells: string[]) => string[]): readonly string[] =>
  lines.map((text, index) => (index + 1 === line ? change(text.split(',')).join(',') : text));
const withCell = (line: number, column: number, value: string) =>
  withLine(line, (cells) => cells.map((cell, index) => (index === column ? value : cell)));
const withFile = (change: Partial<DataManifest['files'][number]>) => (manifest: DataManifest) => ({
  ...manifest,
  files: manifest.files.map((file, index) => (index === 0 ? { ...file, ...change } : file)),
});

const UNFIT: readonly (readonly [what: string, written: () => Written, says: RegExp])[] = [
  [
    'a column of another name',
    () => ({ csv: [header().replace('cluster', 'groupe'), ...body()] }),
    /predictions\.csv, line 1: found the header "nom_mall,groupe,.*; expected "nom_mall,cluster,/,
  ],
  [
    'two columns that changed places',
    () => ({ csv: lines.map((line) => line.replace(/^([^,]*),([^,]*)/, '$2,$1')) }),
    /line 1: found the header "cluster,nom_mall/,
  ],
  [
    'a column too many',
    () => ({ csv: lines.map((line, index) => `${line},${index === 0 ? 'note' : 'x'}`) }),
    /line 1: found the header ".*,note"/,
  ],
  ['a date that is none', () => ({ csv: withCell(5, 2, '2025-02-30') }), /predictions\.csv: .*2025-02-30/],
  ['a word for a number', () => ({ csv: withCell(7, 4, 'beaucoup') }), /predictions\.csv: .*beaucoup/],
  ['a fraction of a visitor', () => ({ csv: withCell(7, 4, '12.5') }), /predictions\.csv: .*12\.5/],
  [
    'a row with too few columns',
    () => ({ csv: withLine(9, (cells) => cells.slice(0, 3)) }),
    /predictions\.csv: .*/,
  ],
  [
    'a site and day that stand twice',
    () => ({ csv: [...lines, lines[20] ?? ''] }),
    /duplicate key: 1 keys \(nom_mall, date\) occur more than once, such as Évry 2025-01-20/,
  ],
  ['no rows', () => ({ csv: [header()] }), /rows: the output holds no rows; expected at least one/],
  [
    'fewer rows than its manifest says',
    () => ({ csv: lines, says: (manifest) => ({ ...manifest, rows: GOOD_ROWS + 1 }) }),
    /predictions\.csv: BigQuery loaded 172 rows; its manifest expects 173/,
  ],
  [
    'more rows than its manifest says of its file',
    () => ({ csv: lines, says: withFile({ rows: 1 }) }),
    /predictions\.csv: BigQuery loaded 172 rows; its manifest expects 1/,
  ],
  [
    'a quote that swallows rows',
    () => ({ csv: [...lines.slice(0, 3), `"Évry`, ...lines.slice(3)] }),
    /predictions\.csv: .*/,
  ],
  ['an infinite number', () => ({ csv: withCell(3, 3, 'inf') }), /number in donnees_reelles: 1 row has NaN/],
  ['a number beyond all', () => ({ csv: withCell(3, 3, '1e400') }), /predictions\.csv: .*1e400/],
  ['no byte', () => ({ csv: [] }), /line 1: found the header ""/],
  [
    'half the usual rows',
    () => ({ csv: [header(), ...body().filter((line) => line.startsWith('Évry'))] }),
    /row count: 86 rows, and 172 published ones over the same dates; expected 0\.6 to 2 times/,
  ],
  [
    'a day that is missing',
    () => ({ csv: lines.filter((_, index) => index !== 10) }),
    /gap in dates: 1 of \(nom_mall\) miss dates, such as Évry/,
  ],
  ['a row without a mall', () => ({ csv: withCell(2, 0, '') }), /null in nom_mall: 1 row has no nom_mall/],
  [
    'a negative forecast',
    () => ({ csv: withCell(2, 4, '-1') }),
    /range of donnees_predites: donnees_predites goes down to -1; expected at least 0/,
  ],
  [
    'dates that do not start in January',
    () => ({ csv: lines.filter((line) => !line.includes('2025-01-01')) }),
    /first date: the dates start at 2025-01-02; expected a 1 January/,
  ],
  [
    'a checksum that its manifest does not share',
    () => ({ csv: lines, says: withFile({ crc32c: 'AAAAAA==' }) }),
    /predictions\.csv has \d+ bytes and crc32c .*; its manifest expects \d+ and AAAAAA==/,
  ],
  [
    'a size that its manifest does not share',
    () => ({ csv: lines, says: withFile({ sizeBytes: 12 }) }),
    /predictions\.csv has \d+ bytes .*; its manifest expects 12 and/,
  ],
  [
    'a manifest that names another file',
    () => ({ csv: lines, says: withFile({ name: 'other.csv' }) }),
    /the manifest names no predictions\.csv/,
  ],
];

for (const [what, written, says] of UNFIT) {
  test(`an output with ${what} is quarantined`, async () => {
    const outcome = await endOf(written());
    assert.equal(outcome.outcome, 'quarantined', outcome.reason);
    assert.match(outcome.reason, says);
    assert.equal(await mesh.published(), table);
    assert.equal((await mesh.ledger()).length, 1);
  });
}

for (const [what, written, says] of [
  [
    'names a file of another run',
    () => ({ csv: lines, says: withFile({ object: 'carmila/000001-0123abcd/attempt-1/predictions.csv' }) }),
    /expected it in carmila\/\d{6}-0123abcd\/attempt-1\//,
  ],
  ['is not JSON', () => ({ csv: lines, says: () => '{"kind":' }), /output\.json is not JSON/],
  ['has the wrong form', () => ({ csv: lines, says: () => ({ kind: 'output' }) }), /has the wrong form/],
] as const satisfies readonly (readonly [string, () => Written, RegExp])[]) {
  test(`a run whose manifest ${what} has failed`, async () => {
    const outcome = await endOf(written());
    assert.equal(outcome.outcome, 'failed', outcome.reason);
    assert.match(outcome.reason, says);
    assert.equal(await mesh.published(), table);
  });
}

test('the quarantined outputs stay where they were written, for an operator to read', async () => {
  const [files] = await bucket.getFiles({ prefix: 'carmila/000002-0123abcd/' });
  assert.deepEqual(
    files.map(({ name }) => name.split('/').at(-1)),
    ['output.json', 'predictions.csv', 'predictions_intervals.csv'],
  );
});

test('an attempt that does not hold the lease changes nothing, however good its output', async () => {
  const folder = outputFolder('carmila', '000900-0123abcd', 1);
  const before = mesh.logLines.length;
  await bucket.file(`${folder}output.json`).save('{}', { resumable: false });
  // Where its event never arrives, no function reads it.
  if (deliveries !== 'never') {
    await mesh.logged(/holds the lease/, before);
  }
  assert.equal(await readOutcome(mesh.runs, 'carmila', '000900-0123abcd'), undefined);
  assert.equal(await mesh.published(), table);
});

test('the same output without a fault is published: it was the faults that kept the others out', async () => {
  const outcome = await endOf({ csv: lines });
  assert.equal(outcome.outcome, 'published', outcome.reason);
  assert.equal(outcome.rows, GOOD_ROWS);
  assert.equal((await mesh.ledger()).length, 2);
  assert.equal(await mesh.published(), table);
});
