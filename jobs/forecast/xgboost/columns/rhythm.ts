// The same place in the rhythm of the weeks, at the site.
import { weekOf } from '../deviations.ts';
import type { Past } from '../past.ts';
import { KEPT_WEEKS, recentOf } from '../recent.ts';
import { WEEK } from '../windows.ts';
import { average, logAt, sameDayBefore, type Columns, type Feature } from './column.ts';

/** `weeks` is the rhythm's length; 1 when there is none, which makes it the same weekday. */
export function rhythm(past: Past, weeks: number): Columns {
  const recent = recentOf(past);
  const period = weeks * WEEK;
  const siteDays =
    (turns: number): Feature =>
    (site, origin, day, level) =>
      average(turns, (turn) => logAt(past, site, sameDayBefore(origin, day, period) - turn * period)) - level;
  const siteWeeks =
    (turns: number): Feature =>
    (site, origin, day) => {
      const ahead = weekOf(past, day) - weekOf(past, origin);
      const first = (weeks - (ahead % weeks)) % weeks;
      const most = Math.min(turns, Math.ceil((KEPT_WEEKS - first) / weeks));
      return average(most, (turn) => recent.siteWeek(site, origin, first + turn * weeks));
    };
  return {
    cycleLast: siteDays(1),
    cycleMean3: siteDays(3),
    cycleMean6: siteDays(6),
    cycleWeekLast: siteWeeks(1),
    cycleWeekMean3: siteWeeks(3),
    cycleWeekMean6: siteWeeks(6),
  };
}
