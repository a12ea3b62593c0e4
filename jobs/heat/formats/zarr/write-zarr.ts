// Writes a series as a Zarr store of version 2, which xarray, zarr and GDAL's users open, with consolidated metadata.
import type { Grid, Series } from '../../raster/grid.ts';
import { isGeographic } from '../../raster/systems.ts';
import { arrayMetadata, chunkBytes, type ArrayShape } from './array.ts';

export interface StoreFile {
  /** Within the store: `t2m/0.0.0`. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** A chunk is at most a day of 128 × 128 cells: 1.5 MB, of which a reader of one place or hour takes few. */
const CHUNK = { hours: 24, rows: 128, columns: 128 } as const;
const HOUR_MS = 3_600_000;

interface Stored extends ArrayShape {
  readonly name: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** File by file, the same bytes at every call; holds one chunk at a time. The metadata of all arrays comes last. */
export function* writeZarr(series: Series): Generator<StoreFile, void, undefined> {
  const main = mainArray(series);
  const [timeValues, axisValues] = [hoursOf(series), axesOf(series.grid)];
  const arrays = [main, timeArray(series), ...axisArrays(series.grid), placeArray(series.grid)];
  const metadata: Record<string, unknown> = {
    '.zattrs': { Conventions: 'CF-1.8' },
    '.zgroup': { zarr_format: 2 },
  };
  for (const array of arrays) {
    metadata[`${array.name}/.zarray`] = arrayMetadata(array);
    metadata[`${array.name}/.zattrs`] = array.attributes;
  }
  yield* chunksOf(series, main);
  yield file('time/0', chunkBytes(new Uint8Array(timeValues.buffer), 8));
  for (const { name, values } of axisValues)
    yield file(`${name}/0`, chunkBytes(new Uint8Array(values.buffer), 8));
  yield file('spatial_ref/0', chunkBytes(new Uint8Array(8), 8));
  for (const [path, content] of Object.entries(metadata)) yield file(path, json(content));
  yield file('.zmetadata', json({ metadata, zarr_consolidated_format: 1 }));
}

const file = (path: string, bytes: Uint8Array): StoreFile => ({ path, bytes });
/** zarr-python reads the metadata as ASCII, and refuses any other letter. */
const json = (content: unknown): Uint8Array =>
  Buffer.from(`${JSON.stringify(content, null, 2)}\n`.replace(/[\u007f-\uffff]/g, escaped));
const escaped = (letter: string): string => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** As the CF conventions write them. */
const CF_UNITS: ReadonlyMap<string, string> = new Map([
  ['°C', 'degC'],
  ['m/s', 'm s-1'],
]);

const namesOf = ({ crs }: Grid) =>
  isGeographic(crs) ? (['latitude', 'longitude'] as const) : (['y', 'x'] as const);

function mainArray({ name, units, grid, hours }: Series): Stored {
  const shape = [hours.length, grid.rows, grid.columns];
  const chunks = [CHUNK.hours, CHUNK.rows, CHUNK.columns].map((most, axis) => Math.min(most, shape[axis]!));
  return {
    ...{ name, shape, chunks, type: '<f4', fill: 'NaN' },
    attributes: {
      _ARRAY_DIMENSIONS: ['time', ...namesOf(grid)],
      units: CF_UNITS.get(units) ?? units,
      grid_mapping: 'spatial_ref',
    },
  };
}

function timeArray({ hours }: Series): Stored {
  return {
    ...{ name: 'time', shape: [hours.length], chunks: [hours.length], type: '<i8', fill: null },
    attributes: {
      _ARRAY_DIMENSIONS: ['time'],
      standard_name: 'time',
      units: 'hours since 1970-01-01',
      calendar: 'proleptic_gregorian',
    },
  };
}

function hoursOf({ hours }: Series): BigInt64Array {
  return BigInt64Array.from(hours, (time) => {
    if (time % HOUR_MS !== 0) throw new RangeError(`${new Date(time).toISOString()} is not a whole hour`);
    return BigInt(time / HOUR_MS);
  });
}

/** Centres of the cells. */
function axesOf(grid: Grid): readonly { readonly name: string; readonly values: Float64Array }[] {
  const [a, b, c, d, e, f] = grid.transform;
  if (b !== 0 || d !== 0) throw new RangeError('a turned grid has no axes; expected rows along x');
  const [y, x] = namesOf(grid);
  const centres = (count: number, step: number, start: number) =>
    Float64Array.from({ length: count }, (_, at) => start + (at + 0.5) * step);
  return [
    { name: y, values: centres(grid.rows, e, f) },
    { name: x, values: centres(grid.columns, a, c) },
  ];
}

function axisArrays(grid: Grid): Stored[] {
  const [y, x] = namesOf(grid);
  const standard = isGeographic(grid.crs)
    ? ['latitude', 'longitude']
    : ['projection_y_coordinate', 'projection_x_coordinate'];
  const units = isGeographic(grid.crs) ? ['degrees_north', 'degrees_east'] : ['m', 'm'];
  return [y, x].map((name, axis) => {
    const count = axis === 0 ? grid.rows : grid.columns;
    return {
      ...{ name, shape: [count], chunks: [count], type: '<f8', fill: null },
      attributes: { _ARRAY_DIMENSIONS: [name], standard_name: standard[axis], units: units[axis] },
    };
  });
}

/** A scalar that says by its attributes where the grid lies, as rioxarray reads it. */
function placeArray({ crs, transform: [a, b, c, d, e, f] }: Grid): Stored {
  return {
    ...{ name: 'spatial_ref', shape: [], chunks: [], type: '<i8', fill: null },
    attributes: { _ARRAY_DIMENSIONS: [], spatial_ref: crs, GeoTransform: [c, a, b, f, d, e].join(' ') },
  };
}

function* chunksOf(
  { values, grid, hours }: Series,
  { name, chunks }: Stored,
): Generator<StoreFile, void, undefined> {
  const { rows, columns } = grid;
  const [perHours, perRows, perColumns] = chunks as [number, number, number];
  const chunk = new Float32Array(perHours * perRows * perColumns);
  for (let hour = 0; hour < hours.length; hour += perHours)
    for (let row = 0; row < rows; row += perRows)
      for (let column = 0; column < columns; column += perColumns) {
        chunk.fill(NaN);
        const width = Math.min(perColumns, columns - column);
        for (let h = hour; h < Math.min(hour + perHours, hours.length); h++)
          for (let r = row; r < Math.min(row + perRows, rows); r++) {
            const start = (h * rows + r) * columns + column;
            const into = ((h - hour) * perRows + r - row) * perColumns;
            chunk.set(values.subarray(start, start + width), into);
          }
        const place = [hour / perHours, row / perRows, column / perColumns].join('.');
        yield file(`${name}/${place}`, chunkBytes(unified(chunk), 4));
      }
}

/** One NaN for all: arithmetic leaves others, which depend on the processor. */
function unified(chunk: Float32Array): Uint8Array {
  const bits = new Uint32Array(chunk.buffer);
  for (let at = 0; at < bits.length; at++) if ((bits[at]! & 0x7fffffff) > 0x7f800000) bits[at] = 0x7fc00000;
  return new Uint8Array(chunk.buffer);
}
