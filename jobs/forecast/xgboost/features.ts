// The columns of the model, each with the function that fills it: all are known on the evening of the origin.
import type { Columns } from './columns/column.ts';
import { comingDay } from './columns/coming-day.ts';
import { lastYear } from './columns/last-year.ts';
import { lags, means } from './columns/recent-days.ts';
import { rhythm } from './columns/rhythm.ts';
import { cycleOf } from './cycle.ts';
import type { Deviations } from './deviations.ts';
import type { Past } from './past.ts';

export interface FeatureTable {
  readonly names: readonly string[];
  /** `c` for the site, which is a category; `q` for all others. */
  readonly types: readonly ('q' | 'c')[];
  /** The rhythm found in the data, in weeks; 1 when there is none. */
  readonly cycleWeeks: number;
  /** Writes one row at `offset`: what is known on the evening of `origin` about `site` on `day`. */
  fill(row: Float32Array, offset: number, site: number, origin: number, day: number): void;
}

/** `isKept` can leave columns out, for measuring what each is worth. */
export function featuresOf(
  past: Past,
  deviations: Deviations,
  isKept: (name: string) => boolean = () => true,
): FeatureTable {
  const cycleWeeks = cycleOf(deviations.companyWeeks);
  const groups: readonly Columns[] = [
    {
      site: (site) => site,
      horizon: (_site, origin, day) => day - origin,
      weekday: (_site, _origin, day) => past.weekday(day),
    },
    lags(past),
    means(past),
    rhythm(past, cycleWeeks),
    lastYear(past, deviations),
    comingDay(past),
  ];
  const columns = groups.flatMap((group) => Object.entries(group)).filter(([name]) => isKept(name));
  const features = columns.map(([, feature]) => feature);
  return {
    names: columns.map(([name]) => name),
    types: columns.map(([name]) => (name === 'site' ? 'c' : 'q')),
    cycleWeeks,
    fill(row, offset, site, origin, day) {
      const level = past.level(site, origin);
      features.forEach((feature, column) => {
        row[offset + column] = feature(site, origin, day, level);
      });
    },
  };
}
