// Cuts a coarse series to the cells around a box that the reference covers whole, and to the hours of a period.
import { coverOf } from '../../../../models/downscale/cover.ts';
import type { City } from '../../city/city.ts';
import { isGeographic } from '../../raster/systems.ts';
import { cellCount, type Grid, type Series } from '../../raster/grid.ts';
import { boundsOfPeriod } from '../ingest/hours.ts';

/** Coarse cells beyond the box: interpolation and neighbours need them. */
const MARGIN_CELLS = 2;

export interface Window {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The cells that meet the box, and a margin; undefined where none does. Of grids of degrees, north up. */
export function windowOf(
  grid: Grid,
  [west, south, east, north]: City['extent']['bbox_wgs84'],
): Window | undefined {
  if (!isGeographic(grid.crs)) return { left: 0, right: grid.columns, top: 0, bottom: grid.rows };
  const [a, , c, , e, f] = grid.transform;
  const [left, right] = [Math.floor((west - c) / a), Math.ceil((east - c) / a)];
  const [top, bottom] = [Math.floor((north - f) / e), Math.ceil((south - f) / e)];
  if (right <= 0 || bottom <= 0 || left >= grid.columns || top >= grid.rows) return undefined;
  return {
    left: Math.max(0, left - MARGIN_CELLS),
    right: Math.min(grid.columns, right + MARGIN_CELLS),
    top: Math.max(0, top - MARGIN_CELLS),
    bottom: Math.min(grid.rows, bottom + MARGIN_CELLS),
  };
}

/** The part of the window whose cells the reference covers whole; the window where it covers none so. */
export function coveredBy(reference: Grid, grid: Grid, window: Window): Window {
  const column = (at: number) =>
    fits(reference, cut(grid, { ...window, left: at, right: at + 1, ...rowsIn(reference, grid, window) }));
  const row = (at: number, sides: Window) =>
    fits(reference, cut(grid, { ...sides, top: at, bottom: at + 1 }));
  const columns = range(window.left, window.right).filter(column);
  if (columns.length === 0) return window;
  const sides = { ...window, left: columns[0]!, right: columns.at(-1)! + 1 };
  const rows = range(window.top, window.bottom).filter((at) => row(at, sides));
  return rows.length === 0 ? window : { ...sides, top: rows[0]!, bottom: rows.at(-1)! + 1 };
}

/** The row of the window that lies in the middle of the reference, to try columns with. */
function rowsIn(reference: Grid, grid: Grid, window: Window) {
  const [, , , , e, f] = reference.transform;
  const [, , , , step, first] = grid.transform;
  const middle = Math.floor((f + (e * reference.rows) / 2 - first) / step);
  const top = Math.min(window.bottom - 1, Math.max(window.top, middle));
  return { top, bottom: top + 1 };
}

const fits = (fine: Grid, coarse: Grid): boolean => coverOf(fine, coarse).kind === 'cover';

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, at) => from + at);

export function cut(grid: Grid, { left, right, top, bottom }: Window): Grid {
  const [a, b, c, d, e, f] = grid.transform;
  const tidy = (value: number) => Number(value.toFixed(9));
  return {
    crs: grid.crs,
    columns: right - left,
    rows: bottom - top,
    transform: [a, b, tidy(c + a * left + b * top), d, e, tidy(f + d * left + e * top)],
  };
}

/** Only the cells of the window, at the hours of the period. */
export function cutSeries(series: Series, window: Window, period: City['period']): Series {
  const [from, before] = boundsOfPeriod(period);
  const grid = cut(series.grid, window);
  const places = series.hours.flatMap((time, at) => (time >= from && time < before ? [at] : []));
  const values = new Float32Array(places.length * cellCount(grid));
  let into = 0;
  for (const hour of places)
    for (let row = window.top; row < window.bottom; row++) {
      const start = (hour * series.grid.rows + row) * series.grid.columns + window.left;
      values.set(series.values.subarray(start, start + grid.columns), into);
      into += grid.columns;
    }
  return { ...series, grid, hours: places.map((at) => series.hours[at]!), values };
}
