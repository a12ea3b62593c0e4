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

/**
 * Nothing here looks past its origin. The last site and origin are kept, since a row of features asks of many
 * weeks, and the rows ahead of one site follow each other.
 */
export function recentOf(past: Past): Recent {
  const kept = new Float64Array(KEPT_WEEKS);
  const isKept = new Uint8Array(KEPT_WEEKS);
  let [keptSite, keptOrigin] = [-1, -1];
  return {
    siteWeek(site, origin, back) {
      if (back >= KEPT_WEEKS) return Number.NaN;
      if (site !== keptSite || origin !== keptOrigin) {
        isKept.fill(0);
        [keptSite, keptOrigin] = [site, origin];
      }
      if (isKept[back] === 0) {
        kept[back] = meanOfWeek(past, site, origin, back);
        isKept[back] = 1;
      }
      return kept[back]!;
    },
  };
}

function meanOfWeek(past: Past, site: number, origin: number, back: number): number {
  const { width, logs, regular } = past;
  const monday = (weekOf(past, origin) - back) * WEEK - past.weekday(0);
  let sum = 0;
  let found = 0;
  for (let day = Math.max(0, monday); day < monday + WEEK && day <= origin; day += 1) {
    const value = logs[site * width + day]!;
    if (Number.isNaN(value) || regular[site * width + day] === 0) continue;
    sum += bounded(value - past.usual(site, origin, day));
    found += 1;
  }
  return found < WEEK_LEAST ? Number.NaN : sum / found;
}
