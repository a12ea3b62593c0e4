// Method: the process of the job is killed after its first stage; the mesh starts another attempt, which takes that stage
// from the cache. Then a city is changed and one is not, and only the changed one is computed.
import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { writeReport } from '../../../cli/actions/report.ts';
import type { Sluice } from '../../../cli/verbs/verb.ts';
import { jobProcesses } from '../stopped-job.ts';
import { smallCity } from './small-city.ts';
import { startHeat, type HeatMesh } from './start-heat.ts';

describe('the heat pipeline', () => {
  let mesh: HeatMesh;
  let killed = 0;

  before(async () => {
    mesh = await startHeat((line) => {
      if (killed > 0 || !line.includes('aube, ingest: made')) return;
      for (const pid of jobProcesses('jobs/heat/main.ts')) {
        process.kill(pid, 'SIGKILL');
        killed++;
      }
    });
  });
  after(() => mesh.close());

  /** Of one run, or of all. */
  const linesLike = (pattern: RegExp, run: string | null = '') =>
    mesh.logLines.filter((line) => pattern.test(line) && line.includes(run ?? ''));

  test('a killed job is continued from its finished stages, and published', async () => {
    await mesh.put(smallCity('aube'));
    const report = await mesh.tick();
    assert.equal(killed, 1);
    assert.equal(report.outcome, 'published', report.reason);
    assert.equal(linesLike(/aube, ingest: made/).length, 1);
    assert.equal(linesLike(/aube, ingest: taken from the cache/).length, 1);
    const { files } = await mesh.pointer();
    assert.ok(files.every(({ object }) => object.includes('/attempt-2/')));
    const names = files.map(({ name }) => name);
    for (const name of [
      'aube_temperature.tif',
      'aube_temperature.png',
      'aube_report.html',
      'aube_metrics.json',
    ])
      assert.ok(names.includes(name), `${name} is not among ${names.join(', ')}`);
    const [row] = await mesh.query(
      'SELECT city, period_start, max_temperature_c, report_html FROM `heat.indicators`',
    );
    assert.deepEqual([row!['city'], row!['report_html']], ['aube', 'aube_report.html']);
    assert.ok(Number(row!['max_temperature_c']) > 20);
  });

  test('sluice report saves the page of each city', async () => {
    const { data } = mesh;
    const target = {
      config: {
        GOOGLE_CLOUD_PROJECT: mesh.cloud.projectId,
        GOOGLE_API_ENDPOINT: mesh.cloud.endpoint,
        WAREHOUSE_LOCATION: 'EU',
      },
      functionUrl: mesh.cloud.functionUrl,
      opened: undefined,
      logFolder: undefined,
      close: () => Promise.resolve(),
    };
    const saved: string[] = [];
    const sluice = { report: (fields: object) => void saved.push((fields as { file: string }).file) };
    const options = { id: undefined, language: 'en', out: undefined, data } as const;
    await writeReport(sluice as unknown as Sluice, target, mesh.pipeline, options);
    assert.equal(saved.length, 1);
    assert.match(saved[0]!, /reports\/heat-000\d{3}-[0-9a-f]{8}\/aube_report\.html$/);
    const page = readFileSync(saved[0]!, 'utf8');
    const links = Array.from(page.matchAll(/<a href="([^"#:]+)"/g), ([, name = '']) => name);
    assert.ok(links.includes('aube_report.fr.html') && links.length > 3, links.join());
    for (const name of links)
      assert.ok(statSync(join(dirname(saved[0]!), name)).size > 0, `${name} is beside the page`);
  });

  test('a second city is computed alone, and the first one is published with the same bytes', async () => {
    const sums = async () =>
      (await mesh.pointer()).files
        .filter(({ name }) => name.startsWith('aube'))
        .map(({ name, crc32c }) => `${name} ${crc32c}`);
    const earlier = await sums();
    await mesh.put(smallCity('brume'));
    const report = await mesh.tick();
    assert.equal(report.outcome, 'published', report.reason);
    assert.equal(linesLike(/aube, [a-z]+: taken from the cache/, report.run).length, 8);
    assert.equal(linesLike(/brume, [a-z]+: made/, report.run).length, 8);
    assert.deepEqual(await sums(), earlier);
    const cities = await mesh.query('SELECT city FROM `heat.metrics` ORDER BY city');
    assert.deepEqual(
      cities.map(({ city }) => city),
      ['aube', 'brume'],
    );
  });

  test('a wrong configuration is refused by the name of its key, and the publication stays', async () => {
    const earlier = await mesh.pointer();
    await mesh.put(new Map([['wrong.yml', 'city: wrong\nheight: 3\n']]));
    const report = await mesh.tick();
    assert.notEqual(report.outcome, 'published');
    assert.match(report.reason, /wrong\.yml/);
    assert.deepEqual(await mesh.pointer(), earlier);
  });
});
