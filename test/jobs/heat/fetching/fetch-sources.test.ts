// Fetching through all three clients: lost answers, and a kill between submission and download.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fetchSources } from '../../../../jobs/heat/fetching/fetch-sources.ts';
import { readGeoJson } from '../../../../jobs/heat/formats/geojson/read-geojson.ts';
import { readGeoTiff } from '../../../../jobs/heat/formats/geotiff/read-geotiff.ts';
import { PermanentError, TransientError } from '../../../../shared/errors.ts';
import { MemoryStore } from '../../../../shared/objects/memory.ts';
import { refusal } from '../formats/files.ts';
import { servicesOfTests } from './asking.ts';
import { portsOf, SCENE } from './services.ts';

const asking = servicesOfTests();
const SUBMISSION = /^POST .*\/execution$/;

/** The service's jobs, as it lists them. */
async function listedJobs(): Promise<readonly string[]> {
  const url = `${asking.services.origin}/third-parties/cds/api/retrieve/v1/jobs?limit=100`;
  const answer = await fetch(url, { headers: { 'private-token': 'key' } });
  return ((await answer.json()) as { jobs: { jobID: string }[] }).jobs.map(({ jobID }) => jobID);
}

test('all three are asked once; the next attempt takes the same bytes and asks no one', async () => {
  const store = new MemoryStore('cache');
  const { ports, lines } = portsOf(asking.services, store);
  const files = await fetchSources(asking.requestOf(), ports);
  assert.deepEqual(
    files.map(({ role, name }) => [role, name]),
    [
      ['fetched villeneuve era5', 'villeneuve/era5/era5_2025-06.nc'],
      ...['B04', 'B08', 'B11', 'SCL'].map((band) => [
        'fetched villeneuve sentinel2',
        `villeneuve/sentinel2/${SCENE}_${band}.tif`,
      ]),
      ...['buildings', 'roads', 'green', 'water'].map((layer) => [
        'fetched villeneuve osm',
        `villeneuve/osm/${layer}.geojson`,
      ]),
    ],
  );
  const weather = readFileSync(join(asking.services.city, 'villeneuve/era5_t2m.nc'));
  assert.ok(readFileSync(files[0]!.path).equals(weather));
  const features = readGeoJson(files.find(({ name }) => name.endsWith('buildings.geojson'))!);
  assert.ok(features.features.length > 3_000);
  assert.ok(lines.some((line) => /reads scene S2A_31UDQ_20250618_0_L2A, of 1: 3.5 % clouds/.test(line)));

  const from = asking.services.requests.length;
  const again = await fetchSources(
    asking.requestOf(),
    portsOf(asking.services, store, { cdsKey: 'another' }).ports,
  );
  assert.equal(asking.services.requests.length, from);
  assert.deepEqual(
    again.map(({ name, sha256 }) => [name, sha256]),
    files.map(({ name, sha256 }) => [name, sha256]),
  );
});

test('a band is the same as in its image, where the extent lies', async () => {
  const [first] = (
    await fetchSources(
      asking.requestOf(asking.only('sentinel2')),
      portsOf(asking.services, new MemoryStore('c')).ports,
    )
  ).filter(({ name }) => name.endsWith('B04.tif'));
  const fetched = await readGeoTiff(first!);
  const path = join(asking.services.city, 'villeneuve/sentinel2_2025-06-18_B04.tif');
  const whole = await readGeoTiff({ name: 'B04', path });
  const [a, , c, , e, f] = whole.grid.transform;
  const [, , left, , , top] = fetched.grid.transform;
  const [column, row] = [Math.round((left - c) / a), Math.round((top - f) / e)];
  for (const [x, y] of [
    [0, 0],
    [7, 11],
    [fetched.grid.columns - 1, fetched.grid.rows - 1],
  ] as const) {
    const expected = whole.values[(row + y) * whole.grid.columns + column + x]!;
    assert.equal(fetched.values[y * fetched.grid.columns + x], Math.fround(expected));
  }
});

describe('a submission to the Climate Data Store', () => {
  const weather = async (store: MemoryStore, others: Parameters<typeof portsOf>[2] = {}) =>
    fetchSources(asking.requestOf(asking.only('era5')), portsOf(asking.services, store, others).ports);

  test('that did not happen is repeated', async () => {
    const before = (await listedJobs()).length;
    asking.services.api.faults.plan(
      { url: /execution$/, action: 'lose-request' },
      { url: /execution$/, action: 429 },
    );
    // No other test has these inputs: their job would be found.
    const text = asking.only('era5').replace('[t2m]', '[t2m, u10]');
    const { ports, lines } = portsOf(asking.services, new MemoryStore('cache'));
    await fetchSources(asking.requestOf(text), ports);
    assert.equal(lines.filter((line) => /the job was not accepted/.test(line)).length, 2);
    assert.equal((await listedJobs()).length, before + 1);
  });

  test('whose answer was lost is found in the list of jobs, by its inputs', async () => {
    for (const action of ['lose-answer', { statusAfterWork: 503 }] as const) {
      const [from, before] = [asking.services.requests.length, (await listedJobs()).length];
      asking.services.api.faults.plan({ url: /execution$/, action });
      await weather(new MemoryStore('cache'));
      assert.equal(asking.requestsSince(from, SUBMISSION), 1);
      assert.equal((await listedJobs()).length, before + 1);
    }
  });

  test('is not made again after a kill between submission and download', async () => {
    const store = new MemoryStore('cache');
    const before = (await listedJobs()).length;
    const kill = () => {
      throw new Error('killed');
    };
    await assert.rejects(weather(store, { wait: kill }), /killed/);
    const from = asking.services.requests.length;
    await weather(store);
    assert.equal(asking.requestsSince(from, SUBMISSION), 0);
    assert.equal((await listedJobs()).length, before + 1);
  });

  test('is found after a kill before its job was recorded', async () => {
    class KilledStore extends MemoryStore {
      override create(...given: Parameters<MemoryStore['create']>) {
        if (given[0].endsWith('job-1.json')) return Promise.reject(new Error('killed'));
        return super.create(...given);
      }
    }
    const killed = new KilledStore('cache');
    const before = (await listedJobs()).length;
    await assert.rejects(weather(killed), /killed/);
    assert.equal((await listedJobs()).length, before + 1);
    // The next attempt has the same bucket, and is not killed.
    killed.create = (...given) => MemoryStore.prototype.create.apply(killed, given);
    await weather(killed);
    assert.equal((await listedJobs()).length, before + 1);
  });

  test('that is still running at the end of the wait is left to the next attempt', async () => {
    const store = new MemoryStore('cache');
    await assert.rejects(weather(store, { longestWaitMs: 500 }), (error: Error) => {
      assert.ok(error instanceof TransientError);
      assert.match(error.message, /2025-06: job job-0000-\d+ of the Climate Data Store is running; the next/);
      return true;
    });
    await weather(store);
  });

  test('for which there are no data fails the run with the service’s reason, after three jobs', async () => {
    const text = asking.only('era5').replace('2025-06-21', '2025-05-21').replace('2025-06-30', '2025-05-22');
    const { ports } = portsOf(asking.services, new MemoryStore('cache'));
    await assert.rejects(
      fetchSources(asking.requestOf(text), ports),
      refusal(
        /^villeneuve.yml, reanalysis-era5-single-levels 2025-05: found job job-0000-\d+ failed: "job failed: None of the data you have requested is available", the last of 3 jobs; expected/,
      ),
    );
  });

  test('without a key is a refusal that names the setting; a wrong key is an error of the deployment', async () => {
    await assert.rejects(
      weather(new MemoryStore('cache'), { cdsKey: undefined }),
      refusal(
        /^villeneuve.yml, key sources.era5.provider: found "cds", and a deployment without a key .* cdsSecret/,
      ),
    );
    await assert.rejects(weather(new MemoryStore('cache'), { cdsKey: '' }), (error: Error) => {
      assert.ok(error instanceof PermanentError);
      assert.match(
        error.message,
        /answered 401: .*authentication required.*Check the key: the secret that the setting cdsSecret .* CDS_API_KEY/,
      );
      return true;
    });
  });

  test('of another dataset is refused', async () => {
    const text = asking
      .only('era5')
      .replace('path: x/', 'provider: cds')
      .replace('provider: cds', 'provider: cds, dataset: ../../admin');
    await assert.rejects(
      fetchSources(asking.requestOf(text), portsOf(asking.services, new MemoryStore('cache')).ports),
      refusal(/key sources.era5.dataset: found "..\/..\/admin"; expected reanalysis-era5-single-levels or/),
    );
  });
});

test('two attempts at once go on with the same bytes: the first manifest decides', async () => {
  const store = new MemoryStore('cache');
  const request = () =>
    fetchSources(asking.requestOf(asking.only('osm')), portsOf(asking.services, store).ports);
  const [one, other] = await Promise.all([request(), request()]);
  assert.deepEqual(
    one.map(({ sha256 }) => sha256),
    other.map(({ sha256 }) => sha256),
  );
});
