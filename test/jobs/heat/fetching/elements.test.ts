// Elements of OpenStreetMap as GeoJSON: rings of relations, holes, and what does not close.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { osmAnswer, outlinesOf } from '../../../../jobs/heat/fetching/overpass/elements.ts';
import { LAYERS, queryOf } from '../../../../jobs/heat/fetching/overpass/query.ts';

const line = (...places: readonly (readonly [number, number])[]) =>
  places.map(([lon, lat]) => ({ lon, lat }));

const read = (elements: readonly object[], layer = LAYERS.water) => {
  const outlines = outlinesOf(osmAnswer.parse({ elements }), layer);
  const { features } = JSON.parse(outlines.geojson) as { features: { id: string; geometry: object }[] };
  return { ...outlines, features };
};

test('the ways of a relation are joined to rings in any direction, and holes lie in the ring around them', () => {
  const members = [
    { type: 'way', role: 'outer', geometry: line([0, 0], [4, 0], [4, 4]) },
    { type: 'way', role: 'outer', geometry: line([0, 0], [0, 4], [4, 4]) },
    { type: 'way', role: 'outer', geometry: line([10, 0], [12, 0], [12, 2], [10, 0]) },
    { type: 'way', role: 'inner', geometry: line([1, 1], [2, 1], [2, 2], [1, 1]) },
    { type: 'way', role: 'outer', geometry: line([20, 0], [21, 0]) },
    { type: 'node', role: 'label' },
  ];
  const { features, count } = read([{ type: 'relation', id: 7, tags: { natural: 'water' }, members }]);
  assert.equal(count, 1);
  assert.deepEqual(features[0]!.geometry, {
    type: 'MultiPolygon',
    coordinates: [
      [
        [
          [0, 0],
          [4, 0],
          [4, 4],
          [0, 4],
          [0, 0],
        ],
        [
          [1, 1],
          [2, 1],
          [2, 2],
          [1, 1],
        ],
      ],
      [
        [
          [10, 0],
          [12, 0],
          [12, 2],
          [10, 0],
        ],
      ],
    ],
  });
});

test('ways are areas where they close, lines of roads in any case, and all else is counted; ids give the order', () => {
  const ring = line([0, 0], [1, 0], [1, 1], [0, 0]);
  const elements = [
    { type: 'way', id: 2, geometry: ring },
    { type: 'way', id: 1, geometry: line([0, 0], [1, 0]) },
    { type: 'way', id: 3, geometry: [null, ...line([1, 0])] },
    { type: 'node', id: 4 },
  ];
  const areas = read(elements);
  assert.deepEqual([areas.count, areas.openCount], [1, 2]);
  const roads = read(elements, LAYERS.roads);
  assert.deepEqual(
    roads.features.map(({ id }) => id),
    ['way/1', 'way/2'],
  );
  assert.deepEqual([roads.count, roads.openCount], [2, 1]);
});

test('a query asks for ways and relations of each tag, in a box of south, west, north, east', () => {
  assert.equal(
    queryOf(LAYERS.buildings, [2.2, 48.8, 2.3, 48.9]),
    '[out:json][timeout:180][maxsize:268435456];(way["building"](48.8,2.2,48.9,2.3);relation["building"](48.8,2.2,48.9,2.3););out body geom;',
  );
});
