// Raw files that are damaged, of another form, or empty of what is asked for: the run is refused, or has a result and a note, and never crashes.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { stagesOf } from '../../../../jobs/heat/stages/stages.ts';
import { geotiffOf, type Band } from '../../../../local/sample/city/geotiff.ts';
import { netcdfOf, type Hourly } from '../../../../local/sample/city/netcdf.ts';
import type { OutputManifest } from '../../../../shared/outputs/manifest.ts';
import { ATTEMPT, freeze, memoryBuckets, runHeat } from './run-city.ts';
import { smallStages } from './small-stages.ts';

const folders: string[] = [];
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

const CITY = `
city: ville
period: { start: 2025-06-21, end: 2025-06-22 }
grid: { crs: EPSG:3857, resolution_m: 400 }
extent: { bbox_wgs84: [2.2, 48.8, 2.3, 48.9] }
sources: { era5: {}, sentinel2: {}, osm: {} }
`;
const HOURS = Array.from({ length: 48 }, (_, hour) => Date.UTC(2025, 5, 21) / 3_600_000 + hour);
const steps = (from: number, count: number) => Array.from({ length: count }, (_, at) => from + at * 0.1);
const SIDE = 26;

/** Kelvin, warmer by day, to the south and to the east. */
const weather = (changes: Partial<Hourly> = {}): Hourly => {
  const base = {
    name: 't2m',
    units: 'K',
    hours: HOURS,
    latitudes: steps(47.6, SIDE).toReversed(),
    longitudes: steps(1.0, SIDE),
    ...changes,
  };
  const values = new Float32Array(base.hours.length * SIDE * SIDE);
  base.hours.forEach((hour, h) =>
    base.latitudes.forEach((latitude, r) =>
      base.longitudes.forEach((longitude, c) => {
        const east = ((longitude + 540) % 360) - 180;
        values[(h * SIDE + r) * SIDE + c] =
          290 + 6 * Math.sin((hour * Math.PI) / 12) - latitude / 10 + east / 10;
      }),
    ),
  );
  return { values, ...base };
};

const CLEAR_GROUND = 5;
const CLOUD = 9;
const band = (value: number, changes: Partial<Band> = {}): Buffer =>
  geotiffOf({
    ...{ columns: 120, rows: 160, epsg: 32631, west: 440_000, north: 5_418_000, cell: 100 },
    values: new Uint16Array(120 * 160).fill(value),
    ...changes,
  });
const scene = (scl = CLEAR_GROUND): Readonly<Record<string, Buffer>> => ({
  'ville/s_B04.tif': band(1200),
  'ville/s_B08.tif': band(2600),
  'ville/s_B11.tif': band(1900),
  'ville/s_SCL.tif': band(scl),
});

const square = (x: number, y: number, size = 0.01) => [
  [x, y],
  [x + size, y],
  [x + size, y + size],
  [x, y + size],
  [x, y],
];
const outlines = (...rings: readonly (readonly (readonly number[])[])[]): string =>
  JSON.stringify({
    type: 'FeatureCollection',
    features: rings.map((ring) => ({
      type: 'Feature',
      properties: {},
      geometry: { type: 'Polygon', coordinates: [ring] },
    })),
  });

const files = (): Readonly<Record<string, string | Buffer>> => ({
  'ville.yml': CITY,
  'ville/era5.nc': netcdfOf(weather()),
  ...scene(),
  'ville/buildings.geojson': outlines(square(2.22, 48.82)),
});

/** The real stages up to the features, and small ones after them. */
async function run(changes: Readonly<Record<string, string | Buffer>>) {
  const folder = mkdtempSync(join(tmpdir(), 'heat-bad-'));
  folders.push(folder);
  for (const [name, content] of Object.entries({ ...files(), ...changes })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  const buckets = memoryBuckets();
  await freeze(buckets.runs, folder);
  const manifest = await runHeat(buckets, {
    stagesOf: (raw) => [...stagesOf(raw).slice(0, 3), ...smallStages().stagesOf(raw).slice(3)],
  });
  const kept = async (stage: string, file: string) =>
    (await buckets.cache.list(`stages/ville/${stage}/`, 100))
      .filter(({ name }) => name.endsWith(`/${file}`))
      .map(({ name }) => buckets.cache.stored(name)!.content.toString('utf8'))
      .join('\n');
  const notes = await kept('ingest', 'notes.json');
  const ground = await kept('features', 'features_metadata.json');
  /** Follows from all files that the real stages made. */
  const published = buckets.results
    .stored(`heat/${ATTEMPT.run}/attempt-1/ville.zarr/t2m/0.0`)
    ?.content.toString('utf8');
  return { manifest, notes, ground, published };
}

async function refused(changes: Readonly<Record<string, string | Buffer>>, words: RegExp): Promise<void> {
  const { manifest } = await run(changes);
  assert.ok(manifest.kind === 'refusal', `not refused: ${JSON.stringify(manifest).slice(0, 200)}`);
  assert.match(manifest.reason, words);
}

function expectResult(manifest: OutputManifest): void {
  assert.ok(manifest.kind === 'output', manifest.kind === 'refusal' ? manifest.reason : '');
}

const era5 = (changes: Partial<Hourly>) => ({ 'ville/era5.nc': netcdfOf(weather(changes)) });

test('the files that the other tests change give a result', async () => {
  const { manifest, published } = await run({});
  expectResult(manifest);
  assert.ok(published !== undefined);
});

describe('a file of ERA5', () => {
  test('that is cut off refuses the run', async () => {
    const whole = netcdfOf(weather());
    await refused({ 'ville/era5.nc': whole.subarray(0, whole.length >> 1) }, /^ville\/era5.nc.*cut off/);
    await refused({ 'ville/era5.nc': '' }, /^ville\/era5.nc/);
  });

  test('of another variable says which it has', async () => {
    await refused(era5({ name: 'tp', units: 'm' }), /^ville\/era5.nc.*found .*tp.*expected the variable t2m/);
  });

  test('in °C that calls it K is refused; one that says °C is read', async () => {
    const celsius = weather().values.map((value) => value - 273.15);
    await refused(era5({ values: celsius }), /^ville\/era5.nc, variable t2m/);
    expectResult((await run(era5({ values: celsius, units: 'degC' }))).manifest);
  });

  test('with ascending latitudes gives the same as one with descending ones', async () => {
    const [one, other] = [await run({}), await run(era5({ latitudes: steps(47.6, SIDE) }))];
    expectResult(other.manifest);
    assert.ok(one.published !== undefined);
    assert.equal(other.published, one.published);
  });

  test('with longitudes of 0 to 360 gives a result, west of Greenwich too', async () => {
    const west = CITY.replace('[2.2, 48.8, 2.3, 48.9]', '[-2.3, 48.8, -2.2, 48.9]').replace(
      ', sentinel2: {}, osm: {}',
      '',
    );
    const longitudes = steps(356.4, SIDE);
    expectResult((await run({ 'ville.yml': west, ...era5({ longitudes }) })).manifest);
  });

  test('with missing hours gives a note', async () => {
    const hours = HOURS.filter((_, at) => at % 5 !== 2);
    const { manifest, notes } = await run(era5({ hours }));
    expectResult(manifest);
    assert.match(notes, /t2m: 10 of 48 times are missing \(2025-06-21T02:00Z/);
  });

  test('without any value, or without an hour of the period, refuses the run', async () => {
    await refused(era5({ values: new Float32Array(48 * SIDE * SIDE).fill(NaN) }), /^ville\/era5.nc/);
    await refused(era5({ hours: HOURS.map((hour) => hour - 24 * 365) }), /^ville\/era5.nc.*2025-06-21/);
  });

  test('with an attribute of 4 GB refuses the run', async () => {
    const bytes = netcdfOf(weather());
    bytes.writeUInt32BE(0xffff_fff0, bytes.indexOf('hours since') - 4);
    await refused({ 'ville/era5.nc': bytes }, /^ville\/era5.nc/);
  });
});

describe('scenes of Sentinel-2', () => {
  test('of another system are brought to the grid; of another place they refuse the run', async () => {
    const lambert = { epsg: 2154, west: 640_000, north: 6_869_000 };
    const changes = Object.fromEntries(
      [
        ['B04', 1200],
        ['B08', 2600],
        ['B11', 1900],
        ['SCL', CLEAR_GROUND],
      ].map(([name, value]) => [`ville/s_${name}.tif`, band(value as number, lambert)]),
    );
    expectResult((await run(changes)).manifest);
    const far = Object.fromEntries(
      Object.keys(scene()).map((name) => [name, band(1, { west: 200_000, north: 4_000_000 })]),
    );
    await refused(far, /^ville\/s_.*tif/);
  });

  test('with clouds everywhere have a result without indices', async () => {
    const { manifest, ground } = await run(scene(CLOUD));
    expectResult(manifest);
    const { layers } = JSON.parse(ground) as { layers: Record<string, Record<string, unknown>> };
    for (const index of ['ndvi', 'ndbi'])
      assert.partialDeepStrictEqual(layers[index], { min: null, max: null, mean: null });
    const clear = JSON.parse((await run(scene())).ground) as { layers: Record<string, { mean: number }> };
    assert.ok(Math.abs(clear.layers['ndvi']!.mean - (2600 - 1200) / (2600 + 1200)) < 0.01);
  });

  test('that declare a million by a million cells, or tiles beyond their end, refuse the run', async () => {
    const entry = (bytes: Buffer, index: number) => bytes.readUInt32LE(4) + 2 + 12 * index + 8;
    const bomb = band(1);
    for (const index of [0, 1]) bomb.writeUInt32LE(1_000_000, entry(bomb, index));
    await refused({ 'ville/s_B04.tif': bomb }, /^ville\/s_B04.tif.*1000000 × 1000000 cells/);
    const beyond = band(1);
    beyond.writeUInt32LE(4_000_000_000, entry(beyond, 5));
    await refused({ 'ville/s_B04.tif': beyond }, /^ville\/s_B04.tif.*at byte 4000000000/);
  });
});

describe('outlines', () => {
  test('that cross themselves or are empty give a result and a note', async () => {
    const bow = [
      [2.21, 48.81],
      [2.23, 48.83],
      [2.23, 48.81],
      [2.21, 48.83],
      [2.21, 48.81],
    ];
    const crossing = await run({ 'ville/buildings.geojson': outlines(bow) });
    expectResult(crossing.manifest);
    assert.match(crossing.notes, /buildings.geojson: 1 outlines cross themselves/);
    const empty = JSON.stringify({ type: 'Feature', properties: {}, geometry: null });
    const none = await run({ 'ville/buildings.geojson': empty });
    expectResult(none.manifest);
    assert.match(none.notes, /1 features have no geometry/);
  });

  test('of a million vertices are read', async () => {
    const count = 1_000_000;
    const ring = Array.from({ length: count }, (_, at) => {
      const angle = (2 * Math.PI * at) / (count - 1);
      return [
        Number((2.25 + 0.04 * Math.cos(angle)).toFixed(9)),
        Number((48.85 + 0.04 * Math.sin(angle)).toFixed(9)),
      ];
    });
    ring[count - 1] = ring[0]!;
    expectResult((await run({ 'ville/buildings.geojson': outlines(ring) })).manifest);
  });

  test('that are no GeoJSON refuse the run', async () => {
    await refused({ 'ville/buildings.geojson': '<osm/>' }, /^ville\/buildings.geojson: found no JSON/);
  });
});

test('stations with quality flags and gaps are used; a damaged line of one refuses the run', async () => {
  const list = [
    'STAID,STANAME                                 ,CN,      LAT,       LON,HGHT',
    '    1,VILLE                                   ,FR,+48:51:00,+002:15:00,  35',
  ];
  const series = (rows: readonly string[]) =>
    ['This is the series of station VILLE (STAID: 1).', '', 'SOUID,    DATE,   TX, Q_TX', ...rows, ''].join(
      '\n',
    );
  const with_ = (rows: readonly string[]) => ({
    'ville.yml': CITY.replace('osm: {}', 'osm: {}, stations: { path: ville/ }'),
    'ville/stations.txt': [...list, ''].join('\n'),
    'ville/TX_STAID000001.txt': series(rows),
  });
  const { manifest, notes } = await run(with_(['9,20250621,  251,    1', '9,20250623,-9999,    9']));
  expectResult(manifest);
  assert.match(notes, /TX_STAID000001|suspect|stations/);
  await refused(with_(['9,20250621,  25.1,    0']), /^ville\/TX_STAID000001.txt, line 4/);
});
