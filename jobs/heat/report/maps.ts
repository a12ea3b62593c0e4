// The maps of a report: which layers there are, in which colours, and between which values.
import type { ScaleName } from '../formats/png/colours.ts';
import { writePng } from '../formats/png/write-png.ts';
import { rangeOf } from '../formats/values.ts';
import { SHOWN } from '../publishing/layers.ts';
import type { Raster } from '../raster/grid.ts';
import { shrunk } from './frames.ts';
import type { Reported } from './reported.ts';

export type MapName = 'mean' | 'days' | 'intensity' | 'error' | 'ndvi' | 'ndbi';

export interface ReportMap {
  readonly name: MapName;
  readonly png: Buffer;
  /** Points of the picture. */
  readonly columns: number;
  readonly rows: number;
  readonly scale: ScaleName;
  readonly range: readonly [least: number, most: number];
  /** `°C`; empty for a number without a unit. */
  readonly units: string;
}

export type ReportMaps = ReadonlyMap<MapName, ReportMap>;

/** A picture is read as a whole, so a larger one says no more; and the page stays small. */
const MOST_POINTS = 160_000;
/** Some programs blur a picture that they enlarge: so small ones are drawn larger here. */
const LEAST_SIDE = 256;

/**
 * Those that there is a layer of. For the document they are opaque: its library takes transparent pictures apart in the
 * background, and writes the parts in the sequence in which it is done, which is not always the same.
 */
export function mapsOf(reported: Reported, isOpaque = false): ReportMaps {
  const { layers, daysAbove, intensity, error } = reported;
  const wanted: readonly (readonly [MapName, Raster | undefined, ScaleName, 'from-zero' | undefined])[] = [
    ['mean', layers.get('temperature'), SHOWN.temperature.scale, undefined],
    ['days', daysAbove, 'heat', 'from-zero'],
    ['intensity', intensity, 'heat', 'from-zero'],
    ['error', error, 'heat', 'from-zero'],
    ['ndvi', layers.get('ndvi'), SHOWN.ndvi.scale, undefined],
    ['ndbi', layers.get('ndbi'), SHOWN.ndbi.scale, undefined],
  ];
  const maps = wanted.flatMap(([name, layer, scale, from]) =>
    layer === undefined ? [] : [mapOf(name, layer, { scale, isFromZero: from === 'from-zero', isOpaque })],
  );
  return new Map(maps.map((map) => [map.name, map]));
}

interface Look {
  readonly scale: ScaleName;
  readonly isFromZero: boolean;
  readonly isOpaque: boolean;
}

function mapOf(name: MapName, layer: Raster, { scale, isFromZero, isOpaque }: Look): ReportMap {
  const fixed = name === 'ndvi' || name === 'ndbi' ? SHOWN[name].range : undefined;
  const range = fixed ?? ownRange(layer, isFromZero);
  const { columns, rows } = layer.grid;
  const shrink = Math.ceil(Math.sqrt((columns * rows) / MOST_POINTS));
  const small = shrunk(layer, shrink);
  const zoom = Math.max(1, Math.ceil(LEAST_SIDE / Math.max(small.grid.columns, small.grid.rows)));
  const png = writePng(small, { scale, range, zoom, hasLegend: false, isOpaque });
  const units = layer.units === '1' ? '' : layer.units;
  return { name, png, columns: small.grid.columns * zoom, rows: small.grid.rows * zoom, scale, range, units };
}

/** Some room where all values are the same. */
function ownRange({ values }: Raster, isFromZero: boolean): readonly [least: number, most: number] {
  const found = rangeOf(values);
  if (found.least > found.most) return [0, 1];
  const least = isFromZero ? Math.min(0, found.least) : found.least;
  return found.most > least ? [least, found.most] : [least, least + 1];
}
