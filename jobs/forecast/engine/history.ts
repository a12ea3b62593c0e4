// Figures of a site's past, up to a day: levels of a weekday, and means of windows.
import { dayCount, visitsOn, type Day, type Panel } from '../series/panel.ts';

const WEEK = 7;

export interface History {
  /** The mean of the last `count` open days of `day`'s weekday up to `asOf`, at most `weeks` back. */
  weekdayMean(site: number, day: Day, asOf: Day, count: number, weeks: number): number | undefined;
  /** The mean of the open days from `from` to `to`, when there are at least `least` of them. */
  openMean(site: number, from: Day, to: Day, least: number): number | undefined;
}

/** Sums every site's open days once, so that the mean of any window costs two look-ups. */
export function historyOf(panel: Panel): History {
  const days = dayCount(panel);
  const width = days + 1;
  const sums = new Float64Array(panel.sites.length * width);
  const counts = new Int32Array(panel.sites.length * width);
  for (let site = 0; site < panel.sites.length; site += 1) {
    for (let index = 0; index < days; index += 1) {
      const visits = panel.visits[site * days + index] ?? Number.NaN;
      const at = site * width + index;
      sums[at + 1] = (sums[at] ?? 0) + (visits > 0 ? visits : 0);
      counts[at + 1] = (counts[at] ?? 0) + (visits > 0 ? 1 : 0);
    }
  }
  const offset = (day: Day): number => Math.min(Math.max(day - panel.firstDay, 0), days);
  return {
    weekdayMean(site, day, asOf, count, weeks) {
      let sum = 0;
      let found = 0;
      const last = day - Math.ceil(Math.max(day - asOf, 0) / WEEK) * WEEK;
      for (let week = 0; week < weeks && found < count; week += 1) {
        const visits = visitsOn(panel, site, last - week * WEEK);
        if (!(visits > 0)) continue;
        sum += visits;
        found += 1;
      }
      return found === 0 ? undefined : sum / found;
    },
    openMean(site, from, to, least) {
      const start = site * width + offset(from);
      const end = site * width + offset(to + 1);
      const count = (counts[end] ?? 0) - (counts[start] ?? 0);
      return count < least || count === 0 ? undefined : ((sums[end] ?? 0) - (sums[start] ?? 0)) / count;
    },
  };
}
