// An analysis of a city, as people and programs request it: over the mesh that has published a small city.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { analyzeResult } from '../../../models/heat/analyze.ts';
import { run, type Ended } from '../commands.ts';
import { python, skipZarr } from '../../jobs/heat/oracle.ts';
import { storeFolder, writeFolder } from './export-folder.ts';
import { smallCity } from './small-city.ts';
import { startHeat, type HeatMesh } from './start-heat.ts';

const CITY = 'villeneuve';
const [FIRST_DAY, LAST_DAY] = ['2025-06-21', '2025-06-24'];

const ANA = ['--as', 'ana@example.com'];

let mesh: HeatMesh;
before(async () => {
  mesh = await startHeat();
  await mesh.put(smallCity(CITY));
  const { outcome, reason } = await mesh.tick();
  assert.equal(outcome, 'published', reason);
});
after(() => mesh.close());

const sluice = (...words: readonly string[]): Promise<Ended> =>
  mesh.meanwhile(() => run('sluice', '--data', mesh.data, '--json', ...words));

async function answered(...words: readonly string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await sluice(...words);
  assert.equal(code, 0, stdout + stderr);
  return JSON.parse(stdout) as Record<string, unknown>;
}

const analyze = (...words: readonly string[]) => [...ANA, 'request', 'heat-analyze', ...words];

async function tokenOf(email: string): Promise<string> {
  const { stdout } = await run('sluice', '--data', mesh.data, '--as', email, 'token');
  return `Bearer ${stdout.trim()}`;
}

async function post(body: unknown, key: string, email = 'ana@example.com') {
  const answer = await fetch(`${mesh.cloud.functionUrl('accept-requests')}/api/analyze`, {
    method: 'POST',
    headers: {
      authorization: await tokenOf(email),
      'content-type': 'application/json',
      'idempotency-key': key,
    },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

test('what is published is named by the pointer, and the tables link to it', async () => {
  const names = (await mesh.pointer()).files.map(({ name }) => name);
  const rows = (await mesh.query(
    'SELECT city, files, temperature_map, report_html, report_html_fr, report_pdf FROM heat.indicators',
  )) as Record<string, string>[];
  assert.equal(rows.length, 1);
  const { city, files, report_html: page } = rows[0]!;
  assert.deepEqual([city, files], [CITY, 'heat/maps/current.json']);
  for (const link of ['temperature_map', 'report_html', 'report_html_fr', 'report_pdf'])
    assert.ok(names.includes(rows[0]![link] ?? ''), link);
  assert.equal(page, `${CITY}_report.html`);
  assert.ok(names.includes(`${storeFolder(CITY)}/.zmetadata`));
});

test('sluice run lists the files that the run has published, and where they are', async () => {
  const { run: id, files, publication } = await mesh.pointer();
  const { published } = await answered('--pipeline', 'heat', 'run', id);
  const { outputs } = published as unknown as { outputs: readonly Record<string, unknown>[] };
  assert.deepEqual(
    outputs.map(({ output, isCurrent, fileCount }) => [output, isCurrent, fileCount]),
    [['maps', true, files.length]],
  );
  const { stdout } = await run('sluice', '--data', mesh.data, '--pipeline', 'heat', 'run', id);
  assert.match(stdout, new RegExp(`Files of maps .*${publication} \\(current\\): ${files.length} files`));
  assert.match(stdout, new RegExp(`and ${files.length - 20} others; --json lists up to 1000`));
});

test('Python opens the store in the folder of the export bucket', { skip: skipZarr }, async () => {
  const folder = await writeFolder(mesh, (name) => name.startsWith(storeFolder(CITY)));
  const program =
    'import sys, json, xarray; d = xarray.open_zarr(sys.argv[1]); ' +
    'print(json.dumps([list(d["t2m"].shape), d["t2m"].attrs["units"]]))';
  const [shape, units] = await python<[number[], string]>(program, join(folder, storeFolder(CITY)));
  assert.deepEqual([shape[0], units], [96, 'degC']);
});

test('an analysis of a day with another threshold: numbers, maps and reports', async () => {
  const file = join(mesh.data, 'analysis.json');
  const period = JSON.stringify({ start: FIRST_DAY, end: FIRST_DAY });
  const asked = analyze(
    '--set',
    `city=${CITY}`,
    '--set',
    `period=${period}`,
    '--set',
    'threshold_celsius=25',
  );
  const job = await answered(...asked, '--wait', '--out', file);
  assert.deepEqual([job['state'], job['file']], ['succeeded', file]);
  const result = analyzeResult.parse(JSON.parse(readFileSync(file, 'utf8')));
  assert.deepEqual(result.period, { start: FIRST_DAY, end: FIRST_DAY });
  assert.deepEqual([result.threshold_celsius, result.indicators.threshold_c], [25, 25]);
  assert.deepEqual(
    result.files.filter((name) => /temperature|report/.test(name)),
    [
      ...['report.fr.html', 'report.fr.pdf', 'report.html', 'report.pdf'],
      ...['temperature.png', 'temperature.tif'],
    ].map((name) => `${CITY}_${name}`),
  );
  const page = join(mesh.data, 'report.html');
  await answered(...ANA, 'job', String(job['job']), 'result', '--file', `${CITY}_report.html`, '--out', page);
  assert.match(readFileSync(page, 'utf8'), /Heat in Villeneuve, 21 June 2025 to 21 June 2025/);
});

test('POST /api/analyze is the same job as POST /pipeline/run under the same key', async () => {
  const first = await post({ threshold_celsius: 28 }, 'alias');
  assert.equal(first.status, 202, JSON.stringify(first.body));
  assert.equal(first.body['pipeline'], 'heat-analyze');
  const again = await answered(...analyze('--set', 'threshold_celsius=28', '--key', 'alias', '--wait'));
  assert.deepEqual([again['job'], again['state']], [first.body['job_id'], 'succeeded']);
  const other = await post({ threshold_celsius: 29 }, 'alias');
  assert.equal(other.status, 422);
});

test('what the schema refuses is refused at once, with the field as it was sent', async () => {
  const { status, body } = await post({ period: { start: LAST_DAY, end: FIRST_DAY }, towns: [] }, 'wrong');
  assert.equal(status, 422);
  const pointers = (body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer);
  assert.deepEqual(pointers.toSorted(), ['/period', '/towns']);
  const unlisted = await post({}, 'unlisted', 'eve@example.net');
  assert.equal(unlisted.status, 403);
});

test('a city that is not configured, and days without data, fail the job with their place', async () => {
  const unknown = await sluice(...analyze('--set', 'city=lyon', '--wait'));
  assert.equal(unknown.code, 1);
  const { code, reason } = JSON.parse(unknown.stdout) as Record<string, string>;
  assert.deepEqual(
    [code, reason],
    ['INPUT_REFUSED', `/city: expected one of the configured cities: ${CITY}`],
  );
  const period = JSON.stringify({ start: '2031-01-01', end: '2031-01-02' });
  const empty = await sluice(...analyze('--set', `period=${period}`, '--wait'));
  assert.equal(empty.code, 1);
  assert.match(empty.stdout, /"INPUT_REFUSED"/);
});

test('the tables and the files are as they were', async () => {
  assert.equal((await mesh.query('SELECT run FROM sluice.publications')).length, 1);
});
