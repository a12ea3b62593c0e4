// The maximum of each cell on each whole day of a series.
import { cellCount, type Series } from '../raster/grid.ts';

const DAY_MS = 86_400_000;

export interface DailyMaxima {
  /** Midnight UTC of each day, ascending. */
  readonly days: readonly number[];
  /** Day by day, and in each cell by cell; NaN where a cell lacks an hour of the day. */
  readonly values: Float32Array;
}

/** A day that has fewer hours than the fullest one is left out: its maximum could lie in the hours it lacks. */
export function dailyMaxima(series: Series): DailyMaxima {
  const places = new Map<number, number[]>();
  series.hours.forEach((time, at) => {
    const day = Math.floor(time / DAY_MS) * DAY_MS;
    const found = places.get(day);
    if (found === undefined) places.set(day, [at]);
    else found.push(at);
  });
  const fullest = [...places.values()].reduce((most, { length }) => Math.max(most, length), 0);
  const whole = [...places].filter(([, { length }]) => length === fullest);
  const cells = cellCount(series.grid);
  const values = new Float32Array(whole.length * cells).fill(-Infinity);
  whole.forEach(([, hours], day) => {
    for (const hour of hours)
      for (let cell = 0; cell < cells; cell++)
        // Math.max keeps NaN.
        values[day * cells + cell] = Math.max(
          values[day * cells + cell]!,
          series.values[hour * cells + cell]!,
        );
  });
  return { days: whole.map(([day]) => day), values };
}

/** The longest sequence of days that follow each other and are all in the list, which ascends. */
export function longestRun(days: readonly number[]): number {
  let [longest, run] = [0, 0];
  days.forEach((day, at) => {
    run = at > 0 && day - days[at - 1]! === DAY_MS ? run + 1 : 1;
    longest = Math.max(longest, run);
  });
  return longest;
}
