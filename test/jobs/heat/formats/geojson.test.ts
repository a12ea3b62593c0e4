// GeoJSON: real extracts are read whole; empty, crossing, unclosed and too large ones are counted or refused by place.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crossingOf } from '../../../../jobs/heat/formats/geojson/crossings.ts';
import { readGeoJson } from '../../../../jobs/heat/formats/geojson/read-geojson.ts';
import { layerOfUse } from '../../../../jobs/heat/ground/layers.ts';
import { fileOf, refusal, shared, skipShared } from './files.ts';

const read = (root: unknown, limits?: Parameters<typeof readGeoJson>[1]) =>
  readGeoJson(fileOf('a.geojson', JSON.stringify(root)), limits);
const collection = (...geometries: readonly unknown[]) => ({
  type: 'FeatureCollection',
  features: geometries.map((geometry) => ({ type: 'Feature', geometry, properties: { name: 'x' } })),
});
const polygon = (...ring: readonly (readonly number[])[]) => ({ type: 'Polygon', coordinates: [ring] });
const square = polygon([2, 48], [3, 48], [3, 49], [2, 49], [2, 48]);
const refused = (root: unknown, words: RegExp) => assert.throws(() => read(root), refusal(words));

test('every kind of geometry becomes points, lines and polygons', () => {
  const found = read(
    collection(
      { type: 'Point', coordinates: [2, 48, 35] },
      {
        type: 'MultiLineString',
        coordinates: [
          [
            [2, 48],
            [2.1, 48],
          ],
          [
            [0, 0],
            [1, 1],
          ],
        ],
      },
      {
        type: 'GeometryCollection',
        geometries: [
          square,
          {
            type: 'MultiPoint',
            coordinates: [
              [1, 1],
              [2, 2],
            ],
          },
        ],
      },
    ),
  );
  const kinds = found.features.map(({ geometries }) => geometries.map(({ kind }) => kind));
  assert.deepEqual(kinds, [['point'], ['line', 'line'], ['polygon', 'point', 'point']]);
  assert.deepEqual([found.vertexCount, found.emptyCount, found.crossingCount], [12, 0, 0]);
  assert.deepEqual(found.features[0]?.properties, { name: 'x' });
  assert.equal(read(square).features.length, 1);
  assert.equal(read({ type: 'Feature', geometry: square, properties: null }).features.length, 1);
});

// As many features as the README of the shared data counts; 12 buildings and 10 green areas are flat rings.
test('the shared extracts are read whole', { skip: skipShared }, () => {
  const files = [
    'helsinki-centre_buildings',
    'helsinki-centre_green',
    'paris-marais_roads',
    'helsinki-centre_water',
  ];
  const counts = files.map((name) => {
    const { features, emptyCount } = readGeoJson(shared(`osm/${name}.geojson`));
    return [features.length, emptyCount];
  });
  assert.deepEqual(counts, [
    [482, 12],
    [265, 10],
    [1139, 0],
    [7, 0],
  ]);
});

test('empty geometries are counted', () => {
  const flat = polygon([2, 48], [3, 48], [2, 48]);
  const empty = [null, flat, { type: 'Point', coordinates: [] }, { type: 'Polygon', coordinates: [] }];
  const found = read(
    collection(
      ...empty,
      { type: 'Polygon', coordinates: [[]] },
      { type: 'GeometryCollection', geometries: [] },
      square,
    ),
  );
  assert.deepEqual([found.features.length, found.emptyCount], [1, 6]);
});

test('an outline that crosses itself is kept, and its place named', () => {
  const bow = polygon([2, 48], [3, 49], [3, 48], [2, 49], [2, 48]);
  const found = read(collection(square, bow));
  assert.deepEqual([found.features.length, found.crossingCount], [2, 1]);
  assert.match(found.firstCrossing ?? '', /^features\[1\]\.geometry near \d+\.\d{6}, \d+\.\d{6}$/);
});

test('what the standard forbids is refused by its place', () => {
  refused(
    collection(square, polygon([2, 48], [3, 48], [3, 49], [2, 49])),
    /a.geojson, features\[1\]\.geometry\.coordinates\[0\]: found a ring that does not close/,
  );
  refused(
    collection(polygon([652_000, 6_862_000], [1, 1], [1, 2], [652_000, 6_862_000])),
    /coordinates\[0\]\[0\]: found 652000, 6862000; expected degrees/,
  );
  refused(
    collection(polygon([2, 48], ['x', 48] as never, [3, 49], [2, 48])),
    /coordinates\[0\]\[1\]: found \["x",48\]; expected a longitude/,
  );
  refused(
    { ...collection(square), crs: { type: 'name', properties: { name: 'EPSG:2154' } } },
    /crs: found "EPSG:2154"; expected longitudes/,
  );
  refused(
    collection({ type: 'Circle', coordinates: [] }),
    /found the type "Circle"; expected a geometry of GeoJSON/,
  );
  refused({ type: 'FeatureCollection' }, /features: found undefined; expected a list of features/);
  refused([], /expected a GeoJSON object/);
  assert.throws(() => readGeoJson(fileOf('a.geojson', '{"type": "Feat')), refusal(/found no JSON/));
  const deep = '{"type":"GeometryCollection","geometries":['.repeat(20) + ']}'.repeat(20);
  assert.throws(
    () => readGeoJson(fileOf('a.geojson', deep)),
    refusal(/found collections 8 deep; expected at most 8/),
  );
});

test('lists in lists, in place of a position, a type or the name of a system, are refused', () => {
  const many = 200_000;
  const deep = '['.repeat(many) + ']'.repeat(many);
  const refusedText = (text: string, words: RegExp) =>
    assert.throws(() => readGeoJson(fileOf('deep.geojson', text)), refusal(words));
  refusedText(
    `{"type":"LineString","coordinates":[[1,2],[${deep}]]}`,
    /coordinates\[1\]: found a list of 1; expected a longitude/,
  );
  refusedText(`{"type":{"a":${deep}},"coordinates":[]}`, /found the type an object/);
  refusedText(
    `{"type":"FeatureCollection","features":[],"crs":{"properties":{"name":${deep}}}}`,
    /crs: found "a system without a name"/,
  );
  const use = `{"type":"Feature","properties":{"landuse":${deep}},"geometry":{"type":"Point","coordinates":[1,2]}}`;
  const { properties } = readGeoJson(fileOf('use.geojson', use)).features[0]!;
  assert.equal(layerOfUse(properties), undefined);
});

test('the search for crossings is bounded over all polygons of a file', () => {
  const ring = (...places: readonly number[]) => [Float64Array.from(places)];
  const bow = ring(2, 48, 3, 49, 3, 48, 2, 49, 2, 48);
  const box = ring(2, 48, 3, 48, 3, 49, 2, 49, 2, 48);
  const effort = { left: 20 };
  assert.ok(crossingOf(bow, effort) !== undefined);
  for (let polygons = 0; polygons < 20; polygons++) crossingOf(box, effort);
  assert.ok(effort.left < 0 && effort.left > -5, String(effort.left));
  assert.equal(crossingOf(bow, effort), undefined);
});

test('a million vertices are read within the bounds, and refused beyond them', () => {
  const count = 1_000_000;
  const ring = Array.from({ length: count }, (_, at) => {
    const angle = (at / (count - 1)) * 2 * Math.PI;
    return at === count - 1 ? [1, 0] : [Math.cos(angle), Math.sin(angle)];
  });
  const large = { type: 'Polygon', coordinates: [ring] };
  const found = read(large);
  assert.deepEqual([found.vertexCount, found.crossingCount], [count, 0]);
  const few = { mostBytes: 1e8, mostVertices: 999_999 };
  assert.throws(() => read(large, few), refusal(/found too many vertices; expected fewer in the whole file/));
  assert.throws(() => read(square, { ...few, mostBytes: 10 }), refusal(/expected at most 10 bytes/));
});
