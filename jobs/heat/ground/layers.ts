// The layers of OpenStreetMap: by the name of the file, and for land use by the tags of each feature.

export const LAYERS = ['buildings', 'roads', 'green', 'water'] as const;
export type Layer = (typeof LAYERS)[number];

/** `osm_buildings.geojson`, `paris-marais_roads.geojson`, `landuse.geojson`. */
const NAME = /(buildings|roads|green|water|landuse)\.geojson$/i;

const GREEN = new Map<string, ReadonlySet<string>>([
  [
    'landuse',
    new Set([
      'forest',
      'grass',
      'meadow',
      'orchard',
      'vineyard',
      'allotments',
      'cemetery',
      'farmland',
      'village_green',
      'recreation_ground',
    ]),
  ],
  ['leisure', new Set(['park', 'garden', 'nature_reserve', 'golf_course', 'pitch'])],
  ['natural', new Set(['wood', 'scrub', 'grassland', 'heath', 'wetland'])],
]);
const WATER = new Map<string, ReadonlySet<string>>([
  ['natural', new Set(['water'])],
  ['landuse', new Set(['reservoir', 'basin'])],
  ['waterway', new Set(['riverbank', 'dock'])],
]);

/** Undefined: the name has no layer. */
export const layerNamed = (file: string): Layer | 'landuse' | undefined =>
  NAME.exec(file)?.[1]?.toLowerCase() as Layer | 'landuse' | undefined;

/** Undefined: a use that is neither green nor water. */
export function layerOfUse(properties: Readonly<Record<string, unknown>>): Layer | undefined {
  const has = (uses: ReadonlyMap<string, ReadonlySet<string>>) =>
    [...uses].some(([key, values]) => {
      const use = properties[key];
      return typeof use === 'string' && values.has(use);
    });
  if (has(WATER)) return 'water';
  return has(GREEN) ? 'green' : undefined;
}
