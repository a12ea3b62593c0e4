// What lies above the threshold: how much, how long, how far, and on how many days.
import { cellCount, type Series } from '../raster/grid.ts';
import { longestRun, type DailyMaxima } from './daily-maxima.ts';

export interface HeatAbove {
  /** Mean of T − threshold over all hours and cells above it, weighted by the area of the cell; null where none is. */
  readonly intensity: number | null;
  /** The longest sequence of hot days. A day is hot if the daily maximum of one cell at least is above the threshold. */
  readonly duration: number;
  readonly days: number;
  /** Largest area, over the days, of the cells whose daily maximum is above the threshold. */
  readonly extentKm2: number;
  /** Hot days of each cell; NaN for a cell without values. */
  readonly daysByCell: Float32Array;
  /** Mean anomaly of each cell over its hours above the threshold; 0 where it has none, NaN without values. */
  readonly intensityByCell: Float32Array;
}

export function heatAbove(
  series: Series,
  maxima: DailyMaxima,
  areasKm2: Float64Array,
  threshold: number,
): HeatAbove {
  const hot = hotDays(maxima, areasKm2, threshold);
  const { intensity, byCell } = intensityOf(series, areasKm2, threshold);
  return {
    intensity,
    duration: longestRun(hot.days),
    days: hot.days.length,
    extentKm2: hot.extentKm2,
    daysByCell: hot.byCell,
    intensityByCell: byCell,
  };
}

function hotDays({ days, values }: DailyMaxima, areasKm2: Float64Array, threshold: number) {
  const cells = areasKm2.length;
  const byCell = new Float32Array(cells).fill(NaN);
  const hot: number[] = [];
  let extentKm2 = 0;
  days.forEach((day, at) => {
    let area = 0;
    for (let cell = 0; cell < cells; cell++) {
      const value = values[at * cells + cell]!;
      if (Number.isNaN(value)) continue;
      const isHot = value > threshold;
      byCell[cell] = (Number.isNaN(byCell[cell]!) ? 0 : byCell[cell]!) + (isHot ? 1 : 0);
      if (isHot) area += areasKm2[cell]!;
    }
    if (area > 0) hot.push(day);
    extentKm2 = Math.max(extentKm2, area);
  });
  return { days: hot, extentKm2, byCell };
}

function intensityOf({ grid, values }: Series, areasKm2: Float64Array, threshold: number) {
  const cells = cellCount(grid);
  const [sums, counts, present] = [new Float64Array(cells), new Float64Array(cells), new Uint8Array(cells)];
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    if (!Number.isNaN(value)) present[at % cells] = 1;
    if (!(value > threshold)) continue;
    sums[at % cells]! += value - threshold;
    counts[at % cells]!++;
  }
  let [above, weight] = [0, 0];
  areasKm2.forEach((area, cell) => {
    above += area * sums[cell]!;
    weight += area * counts[cell]!;
  });
  const byCell = Float32Array.from(sums, (sum, cell) =>
    present[cell] === 0 ? NaN : counts[cell] === 0 ? 0 : sum / counts[cell]!,
  );
  return { intensity: weight === 0 ? null : above / weight, byCell };
}
