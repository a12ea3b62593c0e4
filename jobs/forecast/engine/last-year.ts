// Last year's forecast: the same weekday a year ago, grown as the site has grown since.
import { visitsOn, type Day, type Panel } from '../series/panel.ts';

/** The same weekdays a year ago. */
const YEAR = 364;
const GROWTH_DAYS = 56;

/** By site: the visitors of the last eight weeks over those of the same days a year before; NaN when unknown. */
export function growthOf(panel: Panel, asOf: Day): Float64Array {
  return Float64Array.from(panel.sites, (_, site) => {
    let now = 0;
    let then = 0;
    for (let day = asOf; day > asOf - GROWTH_DAYS; day -= 1) {
      const visits = visitsOn(panel, site, day);
      const before = visitsOn(panel, site, day - YEAR);
      if (!(visits > 0 && before > 0)) continue;
      now += visits;
      then += before;
    }
    return then === 0 ? Number.NaN : now / then;
  });
}

/** NaN where the site was closed or unknown a year ago. */
export function lastYearOn(panel: Panel, growth: Float64Array, site: number, day: Day): number {
  const before = visitsOn(panel, site, day - YEAR);
  return before > 0 ? before * (growth[site] ?? Number.NaN) : Number.NaN;
}
