// A city whose sources are fetched from the three services, from the upload of its configuration to the published files
// and tables: with services that are slow, busy, broken or cut off, with a killed job, and with services that refuse.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { buffer } from 'node:stream/consumers';
import type { Fault } from '../../../local/http/faults.ts';
import { run as runCommand } from '../commands.ts';
import { jobProcesses } from '../stopped-job.ts';
import { FETCHED_CITY, fetchedCity, fillThirdParties } from './fetched-city.ts';
import { startHeat, type HeatMesh } from './start-heat.ts';

let mesh: HeatMesh;
before(async () => {
  mesh = await startHeat();
  await fillThirdParties(mesh.data);
});
after(() => mesh?.close());

/** Every fault that a test plans has to strike. */
afterEach(() => {
  const { faults } = mesh.cloud.api;
  const unused = faults.unused();
  faults.clear();
  assert.deepEqual(unused, []);
});

const plan = (...faults: readonly Fault[]) => mesh.cloud.api.faults.plan(...faults);

const busy = { status: 429, reason: 'rateLimitExceeded', message: 'too many requests', retryAfter: 1 };
const SUBMISSION = { method: 'POST', url: /\/cds\/.*\/execution$/ };
const JOB = { method: 'GET', url: /\/cds\/.*\/jobs\/[^/?]+\?/ };
const DOWNLOAD = { method: 'GET', url: /\/cds\/files\// };
const SEARCH = { method: 'POST', url: /\/stac\/v1\/search$/ };
const IMAGE = { method: 'GET', url: /\/stac\/files\// };
const OUTLINES = { method: 'POST', url: /\/overpass\/api\/interpreter$/ };

/** What stands between a request and its answer on a bad day. */
const BAD_DAY: readonly Fault[] = [
  { ...SUBMISSION, action: { refuse: busy } },
  // The job is queued for a while.
  { ...JOB, action: { changeAnswer: (job) => ({ ...job, status: 'accepted' }) }, times: 2 },
  { ...DOWNLOAD, action: { truncateAtBytes: 1_000 } },
  { ...SEARCH, action: 500 },
  { ...IMAGE, action: { truncateAtBytes: 500 }, skip: 1 },
  { ...IMAGE, action: 503, skip: 2 },
  { ...OUTLINES, action: { refuse: busy } },
  { ...OUTLINES, action: 'lose-answer', skip: 1 },
];

/** The jobs of the Climate Data Store, as it lists them. */
async function submitted(): Promise<number> {
  const url = `${mesh.cloud.endpoint}/third-parties/cds/api/retrieve/v1/jobs?limit=100`;
  const answer = await fetch(url, { headers: { 'private-token': 'key-of-the-test' } });
  return ((await answer.json()) as { jobs: unknown[] }).jobs.length;
}

async function published(name: string): Promise<Buffer> {
  const { files } = await mesh.pointer();
  const file = files.find((each) => each.name === `${FETCHED_CITY}_${name}`);
  assert.ok(file, `${name} is not published`);
  return buffer(mesh.exports.read(file.object));
}
const document = async (name: string): Promise<Record<string, unknown>> =>
  JSON.parse((await published(name)).toString('utf8')) as Record<string, unknown>;

test('on a day when every service is busy, broken or cut off once, the city is fetched and published', async () => {
  plan(...BAD_DAY);
  await mesh.put(fetchedCity('21-22'));
  const { outcome, reason } = await mesh.tick();
  assert.equal(outcome, 'published', reason);
  assert.equal(await submitted(), 1);

  const { layers } = (await document('features_metadata.json')) as {
    layers: Record<string, { source: string; mean: number | null }>;
  };
  for (const [name, source] of [
    ['ndvi', /^Sentinel-2/],
    ['built', /^OpenStreetMap/],
    ['distance-roads', /^OpenStreetMap/],
  ] as const) {
    assert.match(layers[name]!.source, source);
    assert.equal(typeof layers[name]!.mean, 'number', name);
  }
  for (const name of ['temperature.tif', 'ndvi.png', 'report.html', 'report.fr.html', 'report.fr.pdf'])
    assert.ok((await published(name)).length > 500, name);
  const { reasons } = (await document('metrics.json')) as { reasons: Record<string, { code: string }> };
  assert.equal(reasons['rmse']!.code, 'no-reference');
  const [row] = await mesh.query(
    'SELECT city, period_start, mean_temperature_c, report_html_fr FROM `heat.indicators`',
  );
  assert.equal(row!['city'], FETCHED_CITY);
  assert.ok(Number(row!['mean_temperature_c']) > 15);
  assert.equal(row!['report_html_fr'], `${FETCHED_CITY}_report.fr.html`);
});

test('a job that is killed at the download is continued: the next attempt takes the same job of the service', async () => {
  const before = await submitted();
  let killed = 0;
  const kill = () => {
    for (const pid of jobProcesses('jobs/heat/main.ts')) {
      process.kill(pid, 'SIGKILL');
      killed++;
    }
  };
  plan({ ...DOWNLOAD, action: 'lose-request', onStrike: kill });
  await mesh.put(fetchedCity('23-24'));
  const { outcome, reason } = await mesh.tick();
  assert.equal(outcome, 'published', reason);
  assert.deepEqual([killed, (await submitted()) - before], [1, 1]);
  assert.ok((await mesh.pointer()).files.every(({ object }) => object.includes('/attempt-2/')));
});

test('a key that is refused fails the run, and the log names the secret and the variable; no key is in any log', async () => {
  const earlier = await mesh.pointer();
  const refuse = { status: 401, reason: 'permission denied', message: 'operation not allowed' };
  plan({ ...SUBMISSION, action: { refuse }, times: 100 });
  await mesh.put(fetchedCity('25-26'));
  const { outcome } = await mesh.tick();
  assert.equal(outcome, 'failed');
  const [line] = mesh.logLines.filter((each) => /the Climate Data Store answered 401/.test(each));
  assert.match(line ?? '', /secret that the setting cdsSecret of the pipeline names, CDS_API_KEY in the job/);
  const { CDS_API_KEY: key = '' } = await mesh.cloud.envOf('job@test');
  assert.ok(key.length > 10);
  assert.deepEqual(
    mesh.logLines.filter((each) => each.includes(key)),
    [],
  );
  assert.deepEqual(await mesh.pointer(), earlier);
});

test('a search without scenes refuses the run by the place in the configuration, and the publication stays', async () => {
  const earlier = await mesh.pointer();
  plan({ ...SEARCH, action: { changeAnswer: () => ({ features: [] }) } });
  await mesh.put(fetchedCity('27-28'));
  const { outcome, code, reason } = await mesh.tick();
  assert.deepEqual([outcome, code], ['failed', 'INPUT_REFUSED']);
  assert.match(reason, /villeneuve\.yml, sentinel-2-l2a 2025-06-13.*: found 0 scenes/);
  assert.deepEqual(await mesh.pointer(), earlier);
});

test('an analysis of other days fetches what they need', async () => {
  const before = await submitted();
  const period = JSON.stringify({ start: '2025-06-29', end: '2025-06-30' });
  const { code, stdout, stderr } = await mesh.meanwhile(() =>
    runCommand(
      'sluice',
      ...['--data', mesh.data, '--json', '--as', 'ana@example.com'],
      ...['request', 'heat-analyze', '--set', `period=${period}`, '--wait'],
    ),
  );
  assert.equal(code, 0, stdout + stderr);
  assert.equal((JSON.parse(stdout) as { state: string }).state, 'succeeded');
  assert.equal((await submitted()) - before, 1);
});
