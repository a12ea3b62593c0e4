// Each site's usual week, learnt from its own history: which weekdays it opens on.
import { visitsOn, wasOutlier, weekdayOf, type Day, type Panel } from '../series/panel.ts';
import { reopenedOn } from './reopening.ts';

const WEEK = 7;
/** The last eight of a weekday decide; when all of them are silent, the last year does. */
const RECENT_WEEKS = 8;
const FAR_WEEKS = 52;
/** A missing day counts as closed only in a week in which the site reported at least this many days. */
const REPORTED_DAYS = 3;

export type IsHoliday = (day: Day) => boolean;

/**
 * 1 for each site and weekday that is usually open, row-major (`site * 7 + weekday`), from what was known up
 * to and including `asOf`. The last two of a weekday decide when they agree, so a new pattern is accepted
 * after two weeks; else a weekday on which the site was closed at least half of the time is closed. Days that
 * the census names and public holidays are not usual days.
 */
export function usualWeeks(panel: Panel, asOf: Day, isHoliday: IsHoliday): Uint8Array {
  const votes = panel.sites.map((_, site) => siteVotes(panel, site, asOf, isHoliday));
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

/** Above 0 for a weekday that is usually open, by weekday; undefined where nothing is known. */
function siteVotes(
  panel: Panel,
  site: number,
  asOf: Day,
  isHoliday: IsHoliday,
): readonly (number | undefined)[] {
  const reopening = reopenedOn(panel, site, asOf);
  return Array.from({ length: WEEK }, (_, weekday) => {
    const votesBack = (from: Day, fromWeek: number, toWeek: number, notBefore = panel.firstDay) => {
      const last = from - ((weekdayOf(from) - weekday + WEEK) % WEEK);
      const days = Array.from({ length: toWeek - fromWeek }, (_, week) => last - (fromWeek + week) * WEEK);
      return verdictOf(
        days.filter((day) => day >= notBefore).flatMap((day) => voteOf(panel, site, day, isHoliday)),
      );
    };
    if (reopening !== undefined) {
      const since = votesBack(asOf, 0, RECENT_WEEKS, reopening.firstOpen);
      // A weekday not lived through since the reopening is as it was before the closure.
      return since ?? votesBack(reopening.lastOpen, 0, RECENT_WEEKS);
    }
    return votesBack(asOf, 0, RECENT_WEEKS) ?? votesBack(asOf, RECENT_WEEKS, FAR_WEEKS);
  });
}

/** Votes of one weekday, the newest first: 1 for open, -1 for closed. */
function verdictOf(votes: readonly number[]): number | undefined {
  const [newest, before] = votes;
  if (newest === undefined || newest === before) return newest;
  return votes.reduce((sum, vote) => sum + vote, 0);
}

/** Nothing for a day that does not count for the usual week. */
function voteOf(panel: Panel, site: number, day: Day, isHoliday: IsHoliday): readonly number[] {
  if (panel.openings.exception(site, day) !== undefined || isHoliday(day)) return [];
  if (wasOutlier(panel, site, day)) return [1];
  const visits = visitsOn(panel, site, day);
  if (Number.isNaN(visits) && !isReporting(panel, site, day)) return [];
  return [visits > 0 ? 1 : -1];
}

/** Did the site report most of the six days around? Then its silence on this one means closed. */
function isReporting(panel: Panel, site: number, day: Day): boolean {
  let reported = 0;
  for (let near = day - 3; near <= day + 3; near += 1) {
    if (!Number.isNaN(visitsOn(panel, site, near))) reported += 1;
  }
  return reported >= REPORTED_DAYS;
}
