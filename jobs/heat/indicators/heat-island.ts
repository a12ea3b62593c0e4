// The urban heat island: by how much built cells are warmer than vegetated ones of the same city.
import type { Coded } from '../../../models/heat/documents.ts';
import { cellCount, type Series } from '../raster/grid.ts';
import { coded } from '../texts/coded.ts';

/** What the ground of each cell is; a share that is not known is NaN. */
export interface Ground {
  /** −1 to 1. */
  readonly ndvi: ArrayLike<number>;
  /** Shares of the cell, 0 to 1. */
  readonly built: ArrayLike<number>;
  readonly green: ArrayLike<number>;
  readonly water: ArrayLike<number>;
}

const [LEAST_BUILT, MOST_BUILT_OF_GREEN] = [0.5, 0.1];
const [LEAST_GREEN, LEAST_NDVI] = [0.5, 0.5];
const MOST_WATER = 0.1;
/** Fewer cells are a place, not a kind of ground. */
export const LEAST_CELLS = 10;
/** Of the sun at the middle of the grid. */
const [NIGHT_FROM, NIGHT_TO, DAY_FROM, DAY_TO] = [22, 4, 10, 16];

export interface HeatIsland {
  /** °C; null with a reason. Negative where the vegetated cells are warmer. */
  readonly difference: number | null;
  readonly night: number | null;
  readonly day: number | null;
  readonly builtCells: number;
  readonly vegetatedCells: number;
  readonly reason: Coded | null;
}

/** `longitude` of the middle of the grid, for the hour of the sun. */
export function heatIsland(series: Series, ground: Ground, longitude: number): HeatIsland {
  const { built, vegetated } = kindsOf(ground, cellCount(series.grid));
  const counts = { builtCells: built.length, vegetatedCells: vegetated.length };
  if (Math.min(built.length, vegetated.length) < LEAST_CELLS) {
    const reason = coded('few-cells', {
      built: built.length,
      vegetated: vegetated.length,
      least: LEAST_CELLS,
    });
    return { ...counts, difference: null, night: null, day: null, reason };
  }
  const differences = series.hours.map(
    (_, hour) => meanOf(series, hour, built) - meanOf(series, hour, vegetated),
  );
  const during = (isIn: (hour: number) => boolean) =>
    meanKnown(differences.filter((_, at) => isIn(solarHour(series.hours[at]!, longitude))));
  return {
    ...counts,
    difference: meanKnown(differences),
    night: during((hour) => hour >= NIGHT_FROM || hour < NIGHT_TO),
    day: during((hour) => hour >= DAY_FROM && hour < DAY_TO),
    reason: null,
  };
}

function kindsOf({ ndvi, built, green, water }: Ground, cells: number) {
  const kinds: { built: number[]; vegetated: number[] } = { built: [], vegetated: [] };
  for (let cell = 0; cell < cells; cell++) {
    if (water[cell]! > MOST_WATER) continue;
    if (built[cell]! >= LEAST_BUILT) kinds.built.push(cell);
    else if (built[cell]! > MOST_BUILT_OF_GREEN) continue;
    else if (green[cell]! >= LEAST_GREEN || ndvi[cell]! >= LEAST_NDVI) kinds.vegetated.push(cell);
  }
  return kinds;
}

function meanOf({ grid, values }: Series, hour: number, cells: readonly number[]): number {
  const start = hour * cellCount(grid);
  return meanKnown(cells.map((cell) => values[start + cell]!)) ?? NaN;
}

function meanKnown(values: readonly number[]): number | null {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}

const [HOUR_MS, HOURS, DEGREES_PER_HOUR] = [3_600_000, 24, 15];

function solarHour(time: number, longitude: number): number {
  const hours = (time / HOUR_MS + longitude / DEGREES_PER_HOUR) % HOURS;
  return hours < 0 ? hours + HOURS : hours;
}
