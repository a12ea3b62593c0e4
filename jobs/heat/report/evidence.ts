// What the report draws of a series: the city's mean hour by hour, its mean day, and how often each temperature is met.
import { cellAreasKm2 } from '../raster/areas.ts';
import { cellCount, type Series } from '../raster/grid.ts';

export interface HourOfCity {
  readonly time: number;
  /** Weighted by the true area of the cells; NaN where no cell has a value. */
  readonly mean: number;
  readonly least: number;
  readonly most: number;
}

export interface Bin {
  /** The first temperature of the bin. */
  readonly from: number;
  /** Of all cells and hours, 0 to 1. */
  readonly share: number;
}

const [HOUR_MS, HOURS] = [3_600_000, 24];

export function hoursOfCity({ grid, hours, values }: Series): readonly HourOfCity[] {
  const areas = cellAreasKm2(grid);
  const cells = cellCount(grid);
  return hours.map((time, hour) => {
    let [sum, weight, least, most] = [0, 0, Infinity, -Infinity];
    for (let cell = 0; cell < cells; cell++) {
      const value = values[hour * cells + cell]!;
      if (value !== value) continue;
      sum += areas[cell]! * value;
      weight += areas[cell]!;
      if (value < least) least = value;
      if (value > most) most = value;
    }
    return weight === 0
      ? { time, mean: NaN, least: NaN, most: NaN }
      : { time, mean: sum / weight, least, most };
  });
}

export const hourOfDay = (time: number): number => Math.floor(time / HOUR_MS) % HOURS;

/** The mean of each hour of the day (UTC); null for hours that the period does not have. */
export function meanDay(hours: readonly HourOfCity[]): readonly (number | null)[] {
  const [sums, counts] = [new Array<number>(HOURS).fill(0), new Array<number>(HOURS).fill(0)];
  for (const { time, mean } of hours) {
    if (Number.isNaN(mean)) continue;
    sums[hourOfDay(time)]! += mean;
    counts[hourOfDay(time)]!++;
  }
  return sums.map((sum, hour) => (counts[hour] === 0 ? null : sum / counts[hour]!));
}

const WIDTHS = [0.1, 0.2, 0.5, 1, 2, 5, 10];
const MOST_BINS = 24;

/** Bins of a round width, so few that each can be read. Empty where nothing has a value. */
export function histogramOf(values: Float32Array, hours: readonly HourOfCity[]): readonly Bin[] {
  const least = Math.min(...hours.map((hour) => (Number.isNaN(hour.least) ? Infinity : hour.least)));
  const most = Math.max(...hours.map((hour) => (Number.isNaN(hour.most) ? -Infinity : hour.most)));
  if (least > most) return [];
  const width = WIDTHS.find((each) => (most - least) / each < MOST_BINS - 1) ?? 20;
  const first = Math.floor(least / width);
  const counts = new Array<number>(Math.floor(most / width) - first + 1).fill(0);
  let all = 0;
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    if (value !== value) continue;
    counts[Math.min(counts.length - 1, Math.max(0, Math.floor(value / width) - first))]!++;
    all++;
  }
  return counts.map((count, bin) => ({
    from: Number(((first + bin) * width).toFixed(6)),
    share: count / all,
  }));
}
