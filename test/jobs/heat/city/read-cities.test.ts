// Configurations of cities: what is wrong is refused with file, key, line, what was found and what is expected.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCities } from '../../../../jobs/heat/city/read-cities.ts';
import { fileOf as onDisk } from '../formats/files.ts';
import { changed, FROZEN_AT, GOOD } from './configurations.ts';

const fileOf = (text: string | Uint8Array, name = 'paris.yml') => onDisk(name, text);

const read = (...files: ReturnType<typeof fileOf>[]) => readCities(files, FROZEN_AT);

/** Each problem in one line. */
const problemsOf = (text: string | Uint8Array): readonly string[] =>
  read(fileOf(text)).problems.map(
    ({ file, place, found, expected }) => `${file}, ${place ?? '-'}: ${found}; ${expected}`,
  );

function refused(from: string, to: string, ...expected: readonly string[]): void {
  assert.deepEqual(
    problemsOf(changed(from, to)),
    expected.map((each) => `paris.yml, ${each}`),
  );
}

const BBOX = 'bbox_wgs84: [2.224, 48.815, 2.470, 48.902]\n  center: [2.347, 48.859]';
const box = (sides: string): string => `bbox_wgs84: [${sides}]`;

test('the seed configuration is read as it is, and its buckets are accepted and not used', () => {
  const { cities, problems } = read(fileOf(GOOD));
  assert.deepEqual(problems, []);
  assert.equal(cities[0]?.file, 'paris.yml');
  assert.equal(cities[0]?.city.city, 'paris');
  assert.deepEqual(cities[0]?.city.extent.bbox_wgs84, [2.224, 48.815, 2.47, 48.902]);
  assert.equal(cities[0]?.city.gcs?.['raw'], 'gs://gh-raw-{project}');
  assert.equal(cities[0]?.city.sources.osm?.provider, 'bucket');
});

test('a configuration of the required keys only has defaults for the others', () => {
  const least = [
    'city: nice',
    'period: { start: 2022-07-01, end: 2022-07-01 }',
    'grid: { crs: EPSG:32632, resolution_m: 100 }',
    'extent: { bbox_wgs84: [7.1, 43.6, 7.4, 43.8] }',
    'sources: { era5: {} }',
  ].join('\n');
  const { cities, problems } = read(fileOf(least));
  assert.deepEqual(problems, []);
  const city = cities[0]!.city;
  assert.deepEqual(
    [city.variables, city.model.type, city.indicators.threshold_celsius, city.output.report.format],
    [['t2m'], 'auto', 30, ['html', 'pdf']],
  );
});

test('an unknown key is refused by name, with the key that was meant', () => {
  refused(
    'resolution_m: 200',
    'resolution_m: 200\n  resolution_km: 2',
    'key grid.resolution_km, line 9: an unknown key; a known key: did you mean "grid.resolution_m"?',
  );
  refused(
    'variables:',
    'variabels:',
    'key variabels, line 12: an unknown key; a known key: did you mean "variables"?',
  );
  refused(
    'model: {',
    'threshold_celsius: 30\nmodel: {',
    'key threshold_celsius, line 26: an unknown key; a known key: did you mean "indicators.threshold_celsius"?',
  );
  refused(
    'mode: {',
    'elephants: 3\nmode: {',
    'key elephants, line 25: an unknown key; one of city, extent, gcs, grid, indicators, mode, model, output, period, sources, variables',
  );
  refused(
    'mode: {',
    '__proto__: { city: x }\nmode: {',
    'key __proto__, line 25: an unknown key; one of city, extent, gcs, grid, indicators, mode, model, output, period, sources, variables',
  );
  refused(
    'type: bicubic',
    'Type: bicubic',
    'key model.Type, line 26: an unknown key; a known key: did you mean "model.type"?',
  );
});

test('a value of another kind is refused', () => {
  refused('resolution_m: 200', 'resolution_m: 200 m', 'key grid.resolution_m, line 8: "200 m"; a number');
  refused('resolution_m: 200', 'resolution_m: .nan', 'key grid.resolution_m, line 8: NaN; a number');
  refused(
    'city: paris',
    'city: Paris/..',
    'key city, line 2: "Paris/.."; lower-case letters, digits and dashes, such as paris',
  );
  refused('city: paris', 'city:', 'key city, line 2: nothing; a text');
  refused(
    'start: 2022-07-01',
    'start: 2022-02-30',
    'key period.start, line 4: "2022-02-30"; a day, such as 2022-07-01',
  );
  refused(
    'type: bicubic',
    'type: srgan',
    'key model.type, line 26: "srgan"; one of auto, bicubic, ridge, boosting, unet',
  );
  refused(
    'provider: bucket',
    'provider: mock',
    'key sources.era5.provider, line 15: "mock"; one of bucket, cds, stac, overpass',
  );
  refused(
    'provider: bucket',
    'provider: overpass',
    'key sources.era5.provider, line 15: "overpass"; bucket or cds',
  );
  refused(
    'crs: EPSG:3857\n  resolution_m: 200',
    '{}',
    'key grid.crs, line 6: nothing; a text',
    'key grid.resolution_m, line 6: nothing; a number',
  );
  refused(
    'grid:\n  crs: EPSG:3857\n  resolution_m: 200\n',
    '',
    'key grid, line 2: nothing; a group with the keys crs, resolution_m',
  );
  refused('variables: [t2m, tx', 'variables: [t2m, t2m', 'key variables, line 12: "t2m" twice; each once');
  refused(
    'variables: [t2m, tx',
    'variables: [tx',
    'key variables, line 12: tx, tn, rh, u10, v10; t2m among them',
  );
  refused(
    'path: era5/paris',
    'path: gs://gh-raw/era5',
    'key sources.era5.path, line 17: "gs://gh-raw/era5"; the start of the names of files in the watched bucket, such as era5/paris',
  );
  refused(
    'threshold_celsius: 30',
    'threshold_celsius: 303',
    'key indicators.threshold_celsius, line 27: 303; at most 60',
  );
});

test('a box across the antimeridian, reversed, of zero size, or of a continent', () => {
  const at = 'key extent.bbox_wgs84, line 10:';
  refused(
    BBOX,
    box('177, -19, -178, -17'),
    `${at} a box across the antimeridian: west 177, south -19, east -178, north -17; a box on one side of it: west below east`,
  );
  refused(
    BBOX,
    box('2.47, 48.815, 2.224, 48.902'),
    `${at} a reversed box: west 2.47, south 48.815, east 2.224, north 48.902; west, south, east, north: west below east, and south below north`,
  );
  refused(
    BBOX,
    box('2.2, 48.9, 2.4, 48.8'),
    `${at} a reversed box: west 2.2, south 48.9, east 2.4, north 48.8; west, south, east, north: west below east, and south below north`,
  );
  refused(
    BBOX,
    box('2.2, 48.8, 2.2, 48.9'),
    `${at} a box of zero size: west 2.2, south 48.8, east 2.2, north 48.9; west below east, and south below north`,
  );
  refused(BBOX, box('-10, 35, 30, 60'), `${at} 40° × 25°; at most 15° × 15°: a city or a region`);
  refused(BBOX, box('2.2, 48.8, 2.4'), `${at} a list of 3; at least 4 entries`);
  refused(BBOX, box('2.2, 48.8, 2.4, 95'), `key extent.bbox_wgs84[3], line 10: 95; at most 90`);
  refused(
    'center: [2.347, 48.859]',
    'center: [48.859, 2.347]',
    'key extent.center, line 11: longitude 48.859, latitude 2.347; longitude and latitude of a place in the extent',
  );
});

test('a grid that is too fine, too coarse, too large or of an unknown system', () => {
  const at = 'key grid.resolution_m, line 8:';
  refused('resolution_m: 200', 'resolution_m: 9.99', `${at} 9.99 m; 10 to 30000 m`);
  refused('resolution_m: 200', 'resolution_m: 0', `${at} 0 m; 10 to 30000 m`);
  refused('resolution_m: 200', 'resolution_m: 40000', `${at} 40000 m; 10 to 30000 m`);
  refused(
    'resolution_m: 200',
    'resolution_m: 20000',
    `${at} 2 × 1 cells of 20000 m; at least 4 × 4 cells: a finer resolution`,
  );
  refused(
    BBOX,
    box('2, 48, 8, 52'),
    `${at} 3340 × 3467 cells of 200 m; at most 4194304 cells: a smaller extent or a coarser resolution`,
  );
  refused(
    'crs: EPSG:3857',
    'crs: EPSG:27572',
    'key grid.crs, line 7: "EPSG:27572"; EPSG:4326, EPSG:3857, EPSG:2154 (Lambert-93), or a UTM zone, EPSG:32601 to 32660 and 32701 to 32760',
  );
  refused(
    'crs: EPSG:3857',
    'crs: EPSG:32661',
    'key grid.crs, line 7: "EPSG:32661"; EPSG:4326, EPSG:3857, EPSG:2154 (Lambert-93), or a UTM zone, EPSG:32601 to 32660 and 32701 to 32760',
  );
  refused(
    'crs: EPSG:3857',
    'crs: EPSG:32601',
    'key grid.crs, line 7: EPSG:32601, which is not for this extent; an extent within -186 to -168 of longitude and -84 to 84 of latitude',
  );
});

test('a period that is reversed, too long for the grid or at all, or without data', () => {
  refused(
    'end: 2022-07-15',
    'end: 2022-06-30',
    'key period, line 3: 2022-07-01 to 2022-06-30; a start on or before the end',
  );
  refused('end: 2022-07-15', 'end: 2023-07-15', 'key period, line 3: 380 days; at most 366 days');
  refused(
    'end: 2022-07-15\ngrid:\n  crs: EPSG:3857\n  resolution_m: 200',
    'end: 2022-07-15\ngrid:\n  crs: EPSG:3857\n  resolution_m: 10',
    'key period, line 3: 360 hours of 2739 × 1473 cells; at most 16 hours with this grid',
  );
  refused(
    'start: 2022-07-01\n  end: 2022-07-15',
    'start: 1939-12-31\n  end: 1940-01-02',
    'key period.start, line 4: 1939-12-31; 1940-01-01 or later: ERA5 begins there',
  );
  refused(
    'start: 2022-07-01\n  end: 2022-07-15',
    'start: 2026-11-27\n  end: 2026-11-28',
    'key period.end, line 5: 2026-11-28; at most 2026-11-27, when the input was frozen',
  );
});

test('YAML that grows, that changes its own meaning, or is none', () => {
  const at = (line: number, found: string, expected: string) => [
    `paris.yml, line ${line}: ${found}; ${expected}`,
  ];
  const bomb = ['a: &a [1, 1]', 'b: &b [*a, *a]', 'c: [*b, *b]'].join('\n');
  assert.deepEqual(problemsOf(bomb), at(1, 'the anchor "a"', 'no anchors'));
  assert.deepEqual(problemsOf('a: 1\nb: *a'), at(2, 'the alias "a"', 'the value itself'));
  assert.deepEqual(problemsOf('a: 1\nb: 2\na: 3'), at(3, '"a: 3"', 'each key once'));
  assert.deepEqual(
    problemsOf('city: !!js/function x'),
    at(1, 'the tag "tag:yaml.org,2002:js/function"', 'no tags'),
  );
  assert.deepEqual(problemsOf('a: !!binary aGk='), at(1, 'the tag "tag:yaml.org,2002:binary"', 'no tags'));
  assert.deepEqual(problemsOf('%YAML 1.1\n---\na: yes'), at(1, '"%YAML 1.1"', 'YAML 1.2 without directives'));
  assert.deepEqual(problemsOf('a: 1\n---\nb: 2'), at(2, '"---"', 'one document: one city in a file'));
  assert.deepEqual(problemsOf('? [a]\n: 1'), at(1, '"? [a]"', 'a key that is a plain text'));
  assert.match(
    problemsOf('['.repeat(60_000))[0]!,
    /paris\.yml, line 1: "\[+…"; lists and groups nested less deeply/,
  );
  assert.match(problemsOf('a: "x')[0]!, /paris\.yml, line 1: "a: "x"; YAML: Missing closing "quote/);
  const whole = (text: string | Uint8Array) => problemsOf(text)[0];
  assert.equal(whole(''), 'paris.yml, -: nothing; keys and values, such as "city: paris"');
  assert.equal(whole('- city: paris'), 'paris.yml, -: a list of 1; keys and values, such as "city: paris"');
  assert.equal(whole('paris'), 'paris.yml, -: "paris"; keys and values, such as "city: paris"');
  assert.equal(whole('#'.repeat(65_537)), 'paris.yml, -: 65537 bytes; at most 65536 bytes');
  assert.equal(whole(Buffer.from([0x63, 0xff])), 'paris.yml, -: bytes that are no UTF-8; a text in UTF-8');
});

test('two files of one city are refused with both names, and the good ones beside a bad one are named', () => {
  const two = read(fileOf(GOOD, 'a.yml'), fileOf(GOOD, 'b.yml'));
  assert.deepEqual(two.problems, [
    {
      file: 'b.yml',
      place: 'key city',
      found: '"paris", which a.yml configures too',
      expected: 'each city in one file',
    },
  ]);
  const mixed = read(
    fileOf(GOOD),
    fileOf('city: 3', 'bad.yml'),
    fileOf(changed('city: paris', 'city: lyon'), 'lyon.yml'),
  );
  assert.deepEqual(
    mixed.cities.map(({ city }) => city.city),
    ['lyon', 'paris'],
  );
  assert.ok(mixed.problems.length > 1 && mixed.problems.every(({ file }) => file === 'bad.yml'));
});

test('the number of configurations, and of the problems of one, is bounded', () => {
  const many = Array.from({ length: 51 }, (_, at) => fileOf(GOOD, `${at}.yml`));
  assert.deepEqual(readCities(many, FROZEN_AT).problems, [
    { file: '0.yml', found: '51 configurations', expected: 'at most 50' },
  ]);
  const keys = Array.from({ length: 3000 }, (_, at) => `x${at}: 1`).join('\n');
  assert.equal(problemsOf(`${GOOD}${keys}`).length, 20);
});
