// Is a site open on a day? The census says so, else its usual week, its habits on holidays, and whether it
// still lives at all.
import { visitsOn, weekdayOf, type Day, type Panel } from '../series/panel.ts';
import { publicHolidays } from './holidays.ts';
import { usualWeeks } from './usual-week.ts';

const WEEK = 7;
/** A site without one open day in so many days is closed until the census or its visitors say otherwise. */
const CLOSED_FOR_GOOD_DAYS = 56;

export interface OpeningCalendar {
  /**
   * Uses nothing that became known after `asOf`, except the census, which is announced in advance. `asOf`
   * should be one of few days (the ends of weeks): what is learnt is kept for each.
   */
  isOpen(siteIndex: number, day: Day, asOf: Day): boolean;
}

/** `lastDay` is the last day that will be asked about. */
export function openingCalendar(panel: Panel, country: string, lastDay: Day): OpeningCalendar {
  const holidays = publicHolidays(country, panel.firstDay, lastDay);
  const learntAsOf = new Map<Day, Learnt>();
  const learn = (asOf: Day): Learnt => {
    const known = learntAsOf.get(asOf);
    if (known !== undefined) return known;
    const isHoliday = (day: Day): boolean => holidays.on(day) !== undefined;
    const learnt = { week: usualWeeks(panel, asOf, isHoliday), living: livingSites(panel, asOf) };
    learntAsOf.set(asOf, learnt);
    return learnt;
  };
  const closesOn = (site: number, holiday: string, asOf: Day, week: Uint8Array): boolean => {
    const lived = holidays
      .daysOf(holiday, panel.firstDay, asOf)
      .filter((day) => week[site * WEEK + weekdayOf(day)] === 1 && !Number.isNaN(visitsOn(panel, site, day)));
    const last = lived.at(-1);
    return last !== undefined && visitsOn(panel, site, last) === 0;
  };
  return {
    isOpen(site, day, asOf) {
      const exception = panel.openings.exception(site, day);
      if (exception !== undefined) return exception;
      const { week, living } = learn(asOf);
      if (living[site] === 0 || week[site * WEEK + weekdayOf(day)] === 0) return false;
      // Within the census a holiday on which the site closes would be named there.
      const holiday =
        day > (panel.openings.lastDay ?? Number.NEGATIVE_INFINITY) ? holidays.on(day) : undefined;
      return holiday === undefined || !closesOn(site, holiday, asOf, week);
    },
  };
}

interface Learnt {
  readonly week: Uint8Array;
  readonly living: Uint8Array;
}

/** 1 for a site that had a visitor in the last weeks, or whose last weeks have no report of any site. */
function livingSites(panel: Panel, asOf: Day): Uint8Array {
  return Uint8Array.from(panel.sites, (_, site) => {
    let reported = false;
    for (let day = asOf; day > asOf - CLOSED_FOR_GOOD_DAYS; day -= 1) {
      const visits = visitsOn(panel, site, day);
      if (visits > 0) return 1;
      if (visits === 0) reported = true;
    }
    return reported ? 0 : Number(everHadVisitors(panel, site, asOf));
  });
}

/** A silent site: open before it fell silent? A site that has not opened yet is not. */
function everHadVisitors(panel: Panel, site: number, asOf: Day): boolean {
  for (let day = asOf - CLOSED_FOR_GOOD_DAYS; day >= panel.firstDay; day -= 1) {
    const visits = visitsOn(panel, site, day);
    if (visits > 0) return true;
    if (visits === 0) return false;
  }
  return false;
}
