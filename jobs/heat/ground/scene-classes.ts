// Reads the scene classification of Sentinel-2: a band of classes, or the picture of it that the Copernicus Browser gives.
import { readGeoTiff } from '../formats/geotiff/read-geotiff.ts';
import type { InputFile } from '../formats/opened-file.ts';
import { UnusableFile } from '../formats/unusable.ts';
import { rangeOf } from '../formats/values.ts';
import type { Raster } from '../raster/grid.ts';
import { SCENE_CLASSES } from './clouds.ts';

/** The colours of the picture, by class from 0 on. */
const COLOURS = [
  [0, 0, 0],
  [255, 0, 0],
  [47, 47, 47],
  [100, 50, 0],
  [0, 160, 0],
  [255, 230, 90],
  [0, 0, 255],
  [128, 128, 128],
  [192, 192, 192],
  [255, 255, 255],
  [100, 200, 255],
  [255, 150, 255],
] as const;
/** A colour may be off by so much in each channel: the picture is stored as fractions of 255. */
const NEAR = 2;

/** Throws `UnusableFile`. */
export async function classesOf(file: InputFile): Promise<Raster> {
  const first = await readGeoTiff(file, { band: 1 });
  const { most } = rangeOf(first.values);
  const isClasses = first.values.every((value) => Number.isNaN(value) || Number.isInteger(value)) && most > 1;
  if (isClasses && most <= SCENE_CLASSES.snow) return first;
  const [green, blue] = [await readGeoTiff(file, { band: 2 }), await readGeoTiff(file, { band: 3 })];
  const times = most <= 1 ? 255 : 1;
  const known = new Map<number, number>();
  const values = first.values.map((red, at) => {
    const channels = [red, green.values[at]!, blue.values[at]!].map((value) => Math.round(value * times));
    const [r, g, b] = channels as [number, number, number];
    const code = (r << 16) | (g << 8) | b;
    const found = known.get(code) ?? classOf(r, g, b);
    known.set(code, found);
    return found;
  });
  const strange = [...known].find(([, found]) => Number.isNaN(found));
  if (strange === undefined) return { ...first, values };
  throw new UnusableFile({
    file: file.name,
    found: `the colour #${strange[0].toString(16).padStart(6, '0')}`,
    expected: 'classes 0 to 11, or their colours',
  });
}

function classOf(...colour: readonly [number, number, number]): number {
  const found = COLOURS.findIndex((known) =>
    known.every((value, channel) => Math.abs(value - colour[channel]!) <= NEAR),
  );
  return found === -1 ? NaN : found;
}
