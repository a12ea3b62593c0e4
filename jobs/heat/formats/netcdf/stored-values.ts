// Turns the stored numbers of a NetCDF variable into values: fill values, scale and offset, versions; hour by hour.
import { pick } from '../grib/read-grib.ts';
import type { Layout } from '../../raster/axes.ts';
import { boundCells, type Limits } from '../limits.ts';
import type { Dimensions } from './dimensions.ts';
import type { NetCdfVariable } from './netcdf.ts';

/** Read at a time: a variable in few large chunks is inflated once for each piece. */
const PIECE_VALUES = 2 ** 24;

/** The layers of the hours at `indices`, in that order. */
export function readHours(
  file: string,
  variable: NetCdfVariable,
  { time, versions }: Dimensions,
  { grid, rows, columns }: Layout,
  indices: readonly number[],
  limits: Limits,
): Float32Array {
  const layout = { grid, rows, columns };
  const cells = grid.columns * grid.rows;
  const [rowsOfFile, columnsOfFile] = variable.shape.slice(-2) as [number, number];
  const layer = rowsOfFile * columnsOfFile;
  boundCells({ file, place: `variable ${variable.name}` }, layer, versions, limits.mostCells);
  const count = time === undefined ? 1 : variable.shape[0]!;
  const positions = new Map(indices.map((index, position) => [index, position]));
  const values = new Float32Array(indices.length * cells);
  const decode = decoderOf(variable);
  const perPiece = Math.max(1, Math.floor(PIECE_VALUES / (layer * versions)));
  const wide = new Float64Array(layer);
  for (let from = 0; from < count; from += perPiece) {
    const to = Math.min(from + perPiece, count);
    // Without a dimension of time the first dimension is one of length 1, or the latitude.
    const stored = time === undefined ? variable.read(0, variable.shape[0]!) : variable.read(from, to);
    for (let index = from; index < to; index++) {
      const position = positions.get(index)!;
      merge(stored, (index - from) * layer * versions, versions, decode, wide);
      pick(wide, columnsOfFile, layout, values.subarray(position * cells, (position + 1) * cells));
    }
  }
  return values;
}

/** Of each cell the first version that has a value. */
function merge(
  stored: ArrayLike<number>,
  start: number,
  versions: number,
  decode: (raw: number) => number,
  into: Float64Array,
): void {
  for (let at = 0; at < into.length; at++) {
    let value = decode(stored[start + at]!);
    for (let version = 1; version < versions && Number.isNaN(value); version++)
      value = decode(stored[start + version * into.length + at]!);
    into[at] = value;
  }
}

function decoderOf(variable: NetCdfVariable): (raw: number) => number {
  const number = (name: string): number | undefined => {
    const value = variable.attribute(name);
    return typeof value === 'number' ? value : undefined;
  };
  const fills = new Set([number('_FillValue'), number('missing_value')]);
  fills.delete(undefined);
  const [scale, offset] = [number('scale_factor') ?? 1, number('add_offset') ?? 0];
  return (raw) => (fills.has(raw) ? NaN : raw * scale + offset);
}
