// Answers of the services that are damaged, hostile, or say "later".
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fetchSources } from '../../../../jobs/heat/fetching/fetch-sources.ts';
import type { FetchPorts } from '../../../../jobs/heat/fetching/ports.ts';
import { readGeoJson } from '../../../../jobs/heat/formats/geojson/read-geojson.ts';
import { MemoryStore } from '../../../../shared/objects/memory.ts';
import { refusal } from '../formats/files.ts';
import { servicesOfTests } from './asking.ts';
import { portsOf } from './services.ts';

const asking = servicesOfTests();

describe('a download', () => {
  const weather = (ports: FetchPorts) => fetchSources(asking.requestOf(asking.only('era5')), ports);

  test('that is cut off, or shorter than announced, is repeated', async () => {
    asking.services.api.faults.plan(
      { url: /cds\/files/, action: { truncateAtBytes: 1000 } },
      { url: /cds\/files/, action: 'lose-answer' },
    );
    const { ports, lines } = portsOf(asking.services, new MemoryStore('cache'));
    const [file] = await weather(ports);
    assert.ok(file!.sizeBytes > 10_000);
    assert.equal(lines.filter((line) => /asks again in/.test(line)).length, 2);
  });

  test('of another size than announced is never taken', async () => {
    const announce = (size: number) => (answer: Readonly<Record<string, unknown>>) => {
      const { asset } = answer as { asset: { value: object } };
      return { asset: { value: { ...asset.value, 'file:size': size } } };
    };
    const store = new MemoryStore('cache');
    asking.services.api.faults.plan({ url: /results$/, action: { changeAnswer: announce(99_999_999) } });
    await assert.rejects(
      weather(portsOf(asking.services, store).ports),
      /the download has \d+ of 99999999 bytes, 6 times/,
    );
    asking.services.api.faults.plan({ url: /results$/, action: { changeAnswer: announce(100) } });
    await assert.rejects(
      weather(portsOf(asking.services, store).ports),
      refusal(/found a longer answer; expected at most 100 bytes/),
    );
    asking.services.api.faults.plan({ url: /results$/, action: { changeAnswer: announce(2 ** 40) } });
    await assert.rejects(
      weather(portsOf(asking.services, store).ports),
      refusal(/found a result of 1099511627776 bytes/),
    );
  });

  test('is made from no host that the deployment does not name', async () => {
    for (const href of [
      'http://169.254.169.254/computeMetadata/v1/',
      'file:///etc/passwd',
      'https://user@evil.example/x',
    ]) {
      asking.services.api.faults.plan({
        url: /results$/,
        action: { changeAnswer: () => ({ asset: { value: { href, 'file:size': 10 } } }) },
      });
      await assert.rejects(
        weather(portsOf(asking.services, new MemoryStore('cache')).ports),
        refusal(
          /found the address (http|file|https):\/\/.*; expected https, and one of the hosts 127\.0\.0\.1:\d+/,
        ),
      );
    }
  });

  test('of a page or an archive is refused', async () => {
    writeFileSync(
      join(asking.services.data, 'cds/reanalysis-era5-single-levels/2025-04.zip'),
      'PK\u0003\u0004....',
    );
    const text = asking.only('era5').replace('2025-06-21', '2025-04-21').replace('2025-06-30', '2025-04-22');
    await assert.rejects(
      fetchSources(asking.requestOf(text), portsOf(asking.services, new MemoryStore('cache')).ports),
      refusal(/2025-04: found a ZIP archive; expected a GRIB or NetCDF file/),
    );
  });
});

describe('answers of the STAC API', () => {
  const scenes = (ports = portsOf(asking.services, new MemoryStore('cache')).ports) =>
    fetchSources(asking.requestOf(asking.only('sentinel2')), ports);

  test('that come page after page are read to the end, by their links', async () => {
    const list = JSON.parse(
      readFileSync(join(asking.services.data, 'stac/sentinel-2-l2a.json'), 'utf8'),
    ) as object[];
    const [item] = list as [{ properties: object }];
    const cloudy = Array.from({ length: 230 }, (_, at) => ({
      ...item,
      id: `cloudy-${at}`,
      properties: { ...item.properties, 'eo:cloud_cover': 90 },
    }));
    const path = join(asking.services.data, 'stac/sentinel-2-l2a.json');
    writeFileSync(path, JSON.stringify([...cloudy, item]));
    try {
      const from = asking.services.requests.length;
      const { ports, lines } = portsOf(asking.services, new MemoryStore('cache'));
      const files = await scenes(ports);
      assert.equal(asking.requestsSince(from, /^POST .*\/search$/), 3);
      assert.ok(lines.some((line) => /reads scene S2A_31UDQ_20250618_0_L2A, of 231/.test(line)));
      assert.equal(files.length, 3 * 4);
    } finally {
      writeFileSync(path, JSON.stringify(list));
    }
  });

  test('that never end, that point elsewhere, or that are too long are refused', async () => {
    const endless = (answer: Readonly<Record<string, unknown>>) => ({
      ...answer,
      links: [{ rel: 'next', href: '/third-parties/stac/v1/search', method: 'POST', merge: true, body: {} }],
    });
    asking.services.api.faults.plan({ url: /search$/, action: { changeAnswer: endless }, times: 10 });
    await assert.rejects(scenes(), refusal(/found more than 10 scenes; expected at most 10 pages/));
    const elsewhere = (answer: Readonly<Record<string, unknown>>) => ({
      ...answer,
      links: [{ rel: 'next', href: 'https://evil.example/search' }],
    });
    asking.services.api.faults.plan({ url: /search$/, action: { changeAnswer: elsewhere } });
    await assert.rejects(scenes(), refusal(/found the address https:\/\/evil.example/));
    asking.services.api.faults.plan({
      url: /search$/,
      action: { changeAnswer: () => ({ features: 'x'.repeat(17 * 2 ** 20) }) },
    });
    await assert.rejects(scenes(), refusal(/found a longer answer; expected at most 16777216 bytes/));
    asking.services.api.faults.plan({
      url: /search$/,
      action: { changeAnswer: () => ({ features: [{ id: '../../x' }] }) },
    });
    await assert.rejects(scenes(), refusal(/the answer of the STAC API, features.0.id/));
  });

  test('without a scene of the extent are refused', async () => {
    asking.services.api.faults.plan({ url: /search$/, action: { changeAnswer: () => ({ features: [] }) } });
    await assert.rejects(scenes(), refusal(/sentinel-2-l2a 2025-06-11T00:00:00Z.*: found 0 scenes/));
  });

  test('ranges that are lost or cut off are asked for again; an image that changes meanwhile is read anew', async () => {
    asking.services.api.faults.plan(
      { url: /stac\/files/, action: 'lose-answer', skip: 1 },
      { url: /stac\/files/, action: { truncateAtBytes: 500 }, skip: 1 },
      { url: /search$/, action: 'lose-request' },
    );
    assert.equal((await scenes()).length, 4);
  });
});

describe('answers of Overpass', () => {
  const outlines = (ports: FetchPorts) => fetchSources(asking.requestOf(asking.only('osm')), ports);

  test('that say that they are not whole are asked for again', async () => {
    const cutOff = (answer: Readonly<Record<string, unknown>>) => ({
      ...answer,
      elements: [],
      remark: 'runtime error: Query timed out in "query" at line 1 after 181 seconds.',
    });
    asking.services.api.faults.plan({ url: /interpreter$/, action: { changeAnswer: cutOff } });
    const { ports, lines } = portsOf(asking.services, new MemoryStore('cache'));
    const files = await outlines(ports);
    assert.ok(readGeoJson(files[0]!).features.length > 3_000);
    assert.ok(lines.some((line) => /not whole: "runtime error: Query timed out/.test(line)));
  });

  test('that say "later" are followed by a pause of at least 30 seconds', async () => {
    asking.services.api.faults.plan(
      { url: /interpreter$/, action: 429 },
      { url: /interpreter$/, action: 503 },
    );
    const { ports, pauses } = portsOf(asking.services, new MemoryStore('cache'));
    await outlines(ports);
    assert.deepEqual(pauses, [30_000, 2_000]);
  });

  test('that say how long to wait are asked again after that time, and not after a day', async () => {
    const later = (retryAfter: number) => ({
      refuse: { status: 429, reason: 'busy', message: 'too many requests', retryAfter },
    });
    asking.services.api.faults.plan(
      { url: /interpreter$/, action: later(5) },
      { url: /interpreter$/, action: later(86_400) },
    );
    const { ports, pauses } = portsOf(asking.services, new MemoryStore('cache'));
    await outlines(ports);
    assert.deepEqual(pauses, [5_000, 120_000]);
  });

  test('that refuse the query refuse the run', async () => {
    asking.services.api.faults.plan({
      url: /interpreter$/,
      action: {
        refuse: { status: 400, reason: 'invalid', message: 'parse error: Unknown type "x"' } as never,
      },
    });
    await assert.rejects(
      outlines(portsOf(asking.services, new MemoryStore('cache')).ports),
      refusal(/^villeneuve.yml, OpenStreetMap buildings: found Overpass answered 400: .*parse error/),
    );
  });

  test('are asked for again in another month, and not before', async () => {
    const store = new MemoryStore('cache');
    const ask = async (frozenAt: string) => {
      const from = asking.services.requests.length;
      await fetchSources(
        asking.requestOf(asking.only('osm'), frozenAt),
        portsOf(asking.services, store).ports,
      );
      return asking.services.requests.length - from;
    };
    assert.deepEqual(
      [
        await ask('2025-11-20T06:00:00Z'),
        await ask('2025-11-30T06:00:00Z'),
        await ask('2025-12-01T06:00:00Z'),
      ],
      [4, 0, 4],
    );
  });
});
