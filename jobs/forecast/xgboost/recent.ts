// What a site's last weeks looked like on the evening of one day.
import { bounded, weekOf } from './deviations.ts';
import type { Past } from './past.ts';
import { WEEK } from './windows.ts';

export interface Recent {
  /**
   * The site's mean deviation from its usual weekdays as of `origin`, over the regular days of the week that
   * lies `back` weeks before the origin's own; NaN when there were fewer than two.
   */
  siteWeek(site: number, origin: number, back: number): number;
}

/** How far back the sites' weeks are kept. */
export const KEPT_WEEKS = 14;
const WEEK_LEAST = 2;

/** Nothing here looks past its origin. */
export function recentOf(past: Past): Recent {
  const weeks = new Map<number, Float64Array>();
  return {
    siteWeek(site, origin, back) {
      if (back >= KEPT_WEEKS) return Number.NaN;
      return kept(weeks, origin, () => siteWeeks(past, origin))[site * KEPT_WEEKS + back]!;
    },
  };
}

function kept(store: Map<number, Float64Array>, origin: number, compute: () => Float64Array): Float64Array {
  const known = store.get(origin);
  if (known !== undefined) return known;
  const computed = compute();
  store.set(origin, computed);
  return computed;
}

function siteWeeks(past: Past, origin: number): Float64Array {
  const { sites, width, logs, regular } = past;
  const means = new Float64Array(sites * KEPT_WEEKS);
  const thisWeek = weekOf(past, origin);
  const firstMonday = -past.weekday(0);
  for (let site = 0; site < sites; site += 1) {
    for (let back = 0; back < KEPT_WEEKS; back += 1) {
      const monday = firstMonday + (thisWeek - back) * WEEK;
      let sum = 0;
      let found = 0;
      for (let day = Math.max(0, monday); day < monday + WEEK && day <= origin; day += 1) {
        const value = logs[site * width + day]!;
        if (Number.isNaN(value) || regular[site * width + day] === 0) continue;
        sum += bounded(value - past.usual(site, origin, day));
        found += 1;
      }
      means[site * KEPT_WEEKS + back] = found < WEEK_LEAST ? Number.NaN : sum / found;
    }
  }
  return means;
}
