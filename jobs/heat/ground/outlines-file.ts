// The file of a layer between stages: GeoJSON of bare geometries, and the way back.
import type { Geometry, Path } from '../formats/geojson/geometry.ts';
import type { StageFile } from '../stages/stage.ts';
import type { Layer } from './layers.ts';

const PREFIX = 'osm-';
const ENDING = '.geojson';

export const outlinesName = (layer: Layer): string => `${PREFIX}${layer}${ENDING}`;

export const outlinesFile = (layer: Layer, geometries: readonly Geometry[]): StageFile => ({
  name: outlinesName(layer),
  type: 'application/geo+json',
  bytes: Buffer.from(
    `{"type":"FeatureCollection","features":[\n${geometries.map((geometry) => JSON.stringify(featureOf(geometry))).join(',\n')}\n]}\n`,
  ),
});

const featureOf = (geometry: Geometry) => ({ type: 'Feature', properties: {}, geometry: shapeOf(geometry) });

function shapeOf(geometry: Geometry) {
  switch (geometry.kind) {
    case 'point':
      return { type: 'Point', coordinates: positions(geometry.at)[0] };
    case 'line':
      return { type: 'LineString', coordinates: positions(geometry.path) };
    case 'polygon':
      return { type: 'Polygon', coordinates: geometry.rings.map(positions) };
  }
}

/** 0.000001° is a decimetre. */
const tidy = (degrees: number): number => Number(degrees.toFixed(6));

const positions = (path: Path): number[][] =>
  Array.from({ length: path.length / 2 }, (_, at) => [tidy(path[2 * at]!), tidy(path[2 * at + 1]!)]);

interface Written {
  readonly features: readonly {
    readonly geometry: { readonly type: string; readonly coordinates: unknown };
  }[];
}

/** Of a file that `outlinesFile` made. */
export function outlinesIn(bytes: Buffer): readonly Geometry[] {
  const { features } = JSON.parse(bytes.toString('utf8')) as Written;
  return features.map(({ geometry: { type, coordinates } }): Geometry => {
    if (type === 'Point') return { kind: 'point', at: Float64Array.from(coordinates as number[]) };
    if (type === 'LineString') return { kind: 'line', path: pathOf(coordinates as number[][]) };
    return { kind: 'polygon', rings: (coordinates as number[][][]).map(pathOf) };
  });
}

const pathOf = (points: readonly (readonly number[])[]): Path => Float64Array.from(points.flat());
