// The steady forecast: each site's usual weekday over the last weeks, the newest counting most, and no trend.
import { visitsOn, weekdayOf, type Day, type Panel } from '../series/panel.ts';

const WEEK = 7;
const WEEKS_BACK = 8;
/** A week counts so much of what the week after it counts. */
const FADING = 0.8;

/**
 * Visits of an open day by site and weekday, row-major (`site * 7 + weekday`), from what was known up to and
 * including `asOf`. A weekday without an open day is as the site's others; NaN for a site without any.
 */
export function steadyWeek(panel: Panel, asOf: Day): Float64Array {
  const levels = new Float64Array(panel.sites.length * WEEK);
  for (let site = 0; site < panel.sites.length; site += 1) {
    const row = levels.subarray(site * WEEK, (site + 1) * WEEK);
    for (let back = 0; back < WEEK; back += 1)
      row[weekdayOf(asOf - back)] = fadingMean(panel, site, asOf - back);
    const known = row.filter((level) => !Number.isNaN(level));
    const other = known.reduce((sum, level) => sum + level, 0) / known.length;
    row.forEach((level, weekday) => (row[weekday] = Number.isNaN(level) ? other : level));
  }
  return levels;
}

function fadingMean(panel: Panel, site: number, last: Day): number {
  let sum = 0;
  let weights = 0;
  for (let week = 0; week < WEEKS_BACK; week += 1) {
    const visits = visitsOn(panel, site, last - week * WEEK);
    if (!(visits > 0)) continue;
    const weight = FADING ** week;
    sum += weight * visits;
    weights += weight;
  }
  return weights === 0 ? Number.NaN : sum / weights;
}
