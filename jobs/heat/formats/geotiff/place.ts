// Where a GeoTIFF lies: its coordinate system and the transform of its cells' corners.
import type { GeoTIFFImage } from 'geotiff';
import type { Transform } from '../../raster/grid.ts';
import { isKnownSystem, KNOWN_SYSTEMS } from '../../raster/systems.ts';

type Refuse = (found: string, expected: string) => never;

const USER_DEFINED = 32767;
const POINTS = 2;

export function crsOf(image: GeoTIFFImage, refuse: Refuse): string {
  const keys = image.getGeoKeys() ?? {};
  const code: unknown = keys.ProjectedCSTypeGeoKey ?? keys.GeographicTypeGeoKey;
  const expected = KNOWN_SYSTEMS;
  if (typeof code !== 'number') return refuse('no coordinate system', expected);
  if (code === USER_DEFINED) return refuse('a coordinate system without a code', expected);
  const crs = `EPSG:${code}`;
  return isKnownSystem(crs) ? crs : refuse(`the coordinate system ${crs}`, expected);
}

export function transformOf(image: GeoTIFFImage, refuse: Refuse): Transform {
  const directory = image.getFileDirectory();
  const list = (value: unknown): number[] | undefined =>
    value === undefined ? undefined : Array.from(value as ArrayLike<number>);
  const matrix = list(directory.getValue('ModelTransformation'));
  const [scale, tie] = [
    list(directory.getValue('ModelPixelScale')),
    list(directory.getValue('ModelTiepoint')),
  ];
  const shift = (image.getGeoKeys() ?? {}).GTRasterTypeGeoKey === POINTS ? 0.5 : 0;
  const transform = matrix === undefined ? fromTiePoint(scale, tie) : fromMatrix(matrix);
  if (
    transform === undefined ||
    !transform.every(Number.isFinite) ||
    transform[0] * transform[4] === transform[1] * transform[3]
  )
    return refuse('no place on the earth', 'a tie point and the size of a cell, or a matrix');
  // Of points the place is that of their middle.
  const [a, b, c, d, e, f] = transform;
  return [a, b, c - shift * (a + b), d, e, f - shift * (d + e)];
}

function fromTiePoint(scale?: readonly number[], tie?: readonly number[]): Transform | undefined {
  if (scale === undefined || scale.length < 2 || tie?.length !== 6) return undefined;
  const [[width, height], [column, row, , x, y]] = [scale, tie] as unknown as [
    readonly [number, number],
    readonly [number, number, number, number, number],
  ];
  return [width, 0, x - column * width, 0, -height, y + row * height];
}

const fromMatrix = (matrix: readonly number[]): Transform | undefined =>
  matrix.length === 16
    ? ([0, 1, 3, 4, 5, 7].map((at) => matrix[at]!) as [number, number, number, number, number, number])
    : undefined;
