// Each site's usual week, learnt from its own history: which weekdays it opens on.
import { dayCount, weekdayOf, type Day, type Panel } from '../series/panel.ts';

const WEEK = 7;
/** The last eight of a weekday decide; when all of them are silent, the last year does. */
const RECENT_WEEKS = 8;
const FAR_WEEKS = 52;
/** A missing day counts as closed only in a week in which the site reported at least this many days. */
const REPORTED_DAYS = 3;

/**
 * 1 for each site and weekday that is usually open, row-major (`site * 7 + weekday`), from what was known up
 * to and including `asOf`. A weekday on which the site was closed at least half of the time is closed.
 */
export function usualWeeks(panel: Panel, asOf: Day): Uint8Array {
  const votes = panel.sites.map((_, site) => siteVotes(panel, site, asOf));
  const company = new Int32Array(WEEK);
  for (const vote of votes) {
    for (let weekday = 0; weekday < WEEK; weekday += 1) company[weekday]! += Math.sign(vote[weekday] ?? 0);
  }
  const open = new Uint8Array(panel.sites.length * WEEK);
  votes.forEach((vote, site) => {
    for (let weekday = 0; weekday < WEEK; weekday += 1) {
      // A weekday that the site has not lived through yet is as it is with most other sites.
      const own = vote[weekday];
      open[site * WEEK + weekday] = (own === undefined ? (company[weekday] ?? 0) : own) > 0 ? 1 : 0;
    }
  });
  return open;
}

/** Open days less closed days, by weekday; undefined where nothing is known. */
function siteVotes(panel: Panel, site: number, asOf: Day): readonly (number | undefined)[] {
  return Array.from({ length: WEEK }, (_, weekday) => {
    const last = asOf - ((((weekdayOf(asOf) - weekday) % WEEK) + WEEK) % WEEK);
    return balance(panel, site, last, 0, RECENT_WEEKS) ?? balance(panel, site, last, RECENT_WEEKS, FAR_WEEKS);
  });
}

function balance(
  panel: Panel,
  site: number,
  last: Day,
  fromWeek: number,
  toWeek: number,
): number | undefined {
  let sum: number | undefined;
  for (let week = fromWeek; week < toWeek; week += 1) {
    const day = last - week * WEEK;
    // A day that the census names is no usual day.
    if (day < panel.firstDay || panel.openings.exception(site, day) !== undefined) continue;
    const visits = visitsOn(panel, site, day);
    if (Number.isNaN(visits) && !isReporting(panel, site, day)) continue;
    sum = (sum ?? 0) + (visits > 0 ? 1 : -1);
  }
  return sum;
}

/** Did the site report most of the six days around? Then its silence on this one means closed. */
function isReporting(panel: Panel, site: number, day: Day): boolean {
  let reported = 0;
  for (let near = day - 3; near <= day + 3; near += 1) {
    if (!Number.isNaN(visitsOn(panel, site, near))) reported += 1;
  }
  return reported >= REPORTED_DAYS;
}

/** NaN outside the panel, and where the site did not report. */
export function visitsOn(panel: Panel, site: number, day: Day): number {
  if (day < panel.firstDay || day > panel.lastDay) return Number.NaN;
  return panel.visits[site * dayCount(panel) + (day - panel.firstDay)] ?? Number.NaN;
}
