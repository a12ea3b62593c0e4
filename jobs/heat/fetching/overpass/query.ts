// The question to Overpass for one layer: ways and relations with any of some tags, in a box, with their outlines.
import type { OSM_FEATURES } from '../../city/city.ts';

export type OsmFeature = (typeof OSM_FEATURES)[number];

export interface Layer {
  /** The file: `green.geojson`. */
  readonly name: string;
  /** Tags of OpenStreetMap, in the query language of Overpass; one of them is enough. */
  readonly tags: readonly string[];
  readonly kind: 'areas' | 'lines';
}

export const LAYERS: Readonly<Record<OsmFeature, Layer>> = {
  buildings: { name: 'buildings', kind: 'areas', tags: ['"building"'] },
  roads: {
    name: 'roads',
    kind: 'lines',
    tags: [
      '"highway"~"^(motorway|trunk|primary|secondary|tertiary|unclassified|residential|service)(_link)?$"',
    ],
  },
  landuse: {
    name: 'green',
    kind: 'areas',
    tags: [
      '"landuse"~"^(forest|grass|meadow|orchard|vineyard|allotments|cemetery|recreation_ground|village_green)$"',
      '"leisure"~"^(park|garden|golf_course|nature_reserve)$"',
      '"natural"~"^(wood|scrub|grassland|heath)$"',
    ],
  },
  water: {
    name: 'water',
    kind: 'areas',
    tags: ['"natural"="water"', '"waterway"="riverbank"', '"landuse"~"^(reservoir|basin)$"'],
  },
};

export const TIMEOUT_SECONDS = 180;
export const MAXSIZE_BYTES = 2 ** 28;

/** `bbox` is west, south, east, north; Overpass takes south, west, north, east. */
export function queryOf({ tags, kind }: Layer, [west, south, east, north]: readonly number[]): string {
  const box = `(${[south, west, north, east].join(',')})`;
  const types = kind === 'areas' ? ['way', 'relation'] : ['way'];
  const parts = tags.flatMap((tag) => types.map((type) => `${type}[${tag}]${box};`));
  return `[out:json][timeout:${TIMEOUT_SECONDS}][maxsize:${MAXSIZE_BYTES}];(${parts.join('')});out body geom;`;
}
