// The tags of a level of a COG: its size, its tiles, and where it lies on the earth.
import { isGeographic, isKnownSystem, KNOWN_SYSTEMS } from '../../raster/systems.ts';
import type { Grid, Raster } from '../../raster/grid.ts';
import type { Tag } from './directory.ts';
import type { Level } from './overviews.ts';
import { TILE, type Compression } from './tiles.ts';

export interface TilePlaces {
  readonly offsets: readonly number[];
  readonly sizes: readonly number[];
}

const COMPRESSIONS: Readonly<Record<Compression, number>> = { deflate: 8, lzw: 5 };
const [FLOAT_PREDICTOR, IEEE_FLOAT, REDUCED] = [3, 3, 1];

/** In ascending order, as TIFF wants them. Where the level lies is told of the whole layer only. */
export function tagsOf(
  raster: Raster,
  { columns, rows }: Level,
  isWhole: boolean,
  tiles: TilePlaces,
  compression: Compression,
): Tag[] {
  const long = (tag: number, ...values: readonly number[]): Tag => ({ tag, type: 'long', values });
  const short = (tag: number, ...values: readonly number[]): Tag => ({ tag, type: 'short', values });
  return [
    ...(isWhole ? [] : [long(254, REDUCED)]),
    long(256, columns),
    long(257, rows),
    short(258, 32),
    short(259, COMPRESSIONS[compression]),
    short(262, 1),
    short(277, 1),
    short(284, 1),
    short(317, FLOAT_PREDICTOR),
    short(322, TILE),
    short(323, TILE),
    long(324, ...tiles.offsets),
    long(325, ...tiles.sizes),
    short(339, IEEE_FLOAT),
    ...(isWhole ? placeTags(raster.grid) : []),
    ...(isWhole ? [{ tag: 42112, type: 'ascii', values: descriptionOf(raster) } as const] : []),
    { tag: 42113, type: 'ascii', values: 'nan' },
  ];
}

function placeTags({ transform, crs }: Grid): Tag[] {
  const [a, b, c, d, e, f] = transform;
  const isNorthUp = b === 0 && d === 0 && a > 0 && e < 0;
  const place: Tag[] = isNorthUp
    ? [
        { tag: 33550, type: 'double', values: [a, -e, 0] },
        { tag: 33922, type: 'double', values: [0, 0, 0, c, f, 0] },
      ]
    : [{ tag: 34264, type: 'double', values: [a, b, 0, c, d, e, 0, f, 0, 0, 0, 0, 0, 0, 0, 1] }];
  return [...place, { tag: 34735, type: 'short', values: geoKeysOf(crs) }];
}

/** Model type, cells (not points), and the code of the system; each key is `id, 0, 1, value`. */
function geoKeysOf(crs: string): number[] {
  if (!isKnownSystem(crs)) throw new RangeError(`the coordinate system ${crs}; expected ${KNOWN_SYSTEMS}`);
  const code = Number(crs.slice('EPSG:'.length));
  const [geographic, projected] = [2048, 3072];
  const keys = isGeographic(crs)
    ? [1024, 0, 1, 2, 1025, 0, 1, 1, geographic, 0, 1, code]
    : [1024, 0, 1, 1, 1025, 0, 1, 1, projected, 0, 1, code];
  return [1, 1, 0, keys.length / 4, ...keys];
}

/** As GDAL writes the name and the unit of a band. */
const descriptionOf = ({ name, units }: Raster): string =>
  '<GDALMetadata>' +
  `<Item name="DESCRIPTION" sample="0" role="description">${escaped(name)}</Item>` +
  `<Item name="UNITTYPE" sample="0" role="unittype">${escaped(units)}</Item>` +
  '</GDALMetadata>';

/** Twice, as GDAL writes and reads it. */
const escaped = (text: string): string => escapedOnce(escapedOnce(text));

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escapedOnce = (text: string): string => text.replace(/[&<>"]/g, (character) => ENTITIES[character]!);
