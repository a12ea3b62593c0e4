// Everything known on the evening of one day, the cut: what each site's days were, and which coming days are open.
import { weekdayOf, type Day } from '../series/panel.ts';
import { irregularDays, companyHolidays } from './regular.ts';
import { WeekdaySums, WindowSums, WEEK } from './windows.ts';

/** What a model may know. Days are counted from the panel's first day: 0, 1, ... */
export interface Known {
  readonly firstDay: Day;
  readonly sites: number;
  /** How many days have passed: the cut is day `days - 1`. */
  readonly days: number;
  /** How many days after the cut have a known opening. */
  readonly ahead: number;
  /** Row-major, `sites` rows of `stride` days (at least `days`), NaN where nothing was reported. */
  readonly visits: Float64Array;
  readonly stride: number;
  /** 1 for open, row-major, `sites` rows of `ahead` days: the days after the cut. */
  readonly openAhead: Uint8Array;
}

/** Everything below is on a log scale, over open days, row-major with `width` days a site. */
export interface Past {
  readonly known: Known;
  readonly sites: number;
  /** The last day with visits. */
  readonly cut: number;
  /** Days that are known of at all: those up to the cut, and those ahead. */
  readonly width: number;
  /** Logs of visits; NaN where closed or unknown. */
  readonly logs: Float64Array;
  readonly open: Uint8Array;
  /** 1 on open days with no unusual closing or opening near, of the site or of the company. */
  readonly regular: Uint8Array;
  /** 1 on days on which most sites that are usually open are closed. */
  readonly holidays: Uint8Array;
  /** Over all open days; `regularWeekdays` over the regular ones only. */
  readonly windows: WindowSums;
  readonly weekdays: WeekdaySums;
  readonly regularWeekdays: WeekdaySums;
  /** 0 is Monday. */
  weekday(day: number): number;
  /** The site's level on the evening of `origin`: its mean over four weeks, or over more when they are few. */
  level(site: number, origin: number): number;
  /** What that weekday usually was at the site, on the evening of `origin`. */
  usual(site: number, origin: number, day: number): number;
}

const LEVEL_WINDOWS: readonly (readonly [days: number, least: number])[] = [
  [28, 10],
  [91, 5],
  [364, 1],
];
const USUAL_WEEKS = 8;
const USUAL_LEAST = 3;

export function pastOf(known: Known): Past {
  const { sites, days } = known;
  const width = days + known.ahead;
  const cut = days - 1;
  const open = openingsOf(known, width);
  const holidays = companyHolidays(open, sites, width);
  const regular = irregularDays(open, holidays, sites, width);
  const logs = logsOf(known, width);
  const windows = new WindowSums(logs, sites, width);
  const weekdays = new WeekdaySums(logs, sites, width);
  const regularWeekdays = new WeekdaySums(logs, sites, width, regular);
  const levels = levelsOf(windows, sites, width, cut);
  const weekday = (day: number): number => weekdayOf(known.firstDay + day);
  const level = (site: number, origin: number): number => levels[site * width + origin]!;
  const usual = usualOf({ windows, weekdays, regularWeekdays, level });
  return {
    known,
    sites,
    cut,
    width,
    logs,
    open,
    regular,
    holidays,
    windows,
    weekdays,
    regularWeekdays,
    weekday,
    level,
    usual,
  };
}

/** A past day was open when it had visitors; one that was not reported was as a week before. */
function openingsOf(known: Known, width: number): Uint8Array {
  const open = new Uint8Array(known.sites * width);
  for (let site = 0; site < known.sites; site += 1) {
    const row = open.subarray(site * width, (site + 1) * width);
    for (let day = 0; day < known.days; day += 1) {
      const visits = known.visits[site * known.stride + day]!;
      row[day] = Number.isNaN(visits) ? (row[day - WEEK] ?? 0) : Number(visits > 0);
    }
    row.set(known.openAhead.subarray(site * known.ahead, (site + 1) * known.ahead), known.days);
  }
  return open;
}

function logsOf(known: Known, width: number): Float64Array {
  const logs = new Float64Array(known.sites * width).fill(Number.NaN);
  for (let site = 0; site < known.sites; site += 1) {
    for (let day = 0; day < known.days; day += 1) {
      const visits = known.visits[site * known.stride + day]!;
      if (visits > 0) logs[site * width + day] = Math.log(visits);
    }
  }
  return logs;
}

function levelsOf(windows: WindowSums, sites: number, width: number, cut: number): Float64Array {
  const levels = new Float64Array(sites * width).fill(Number.NaN);
  for (let site = 0; site < sites; site += 1) {
    for (let origin = 0; origin <= cut; origin += 1) {
      let level = Number.NaN;
      for (const [days, least] of LEVEL_WINDOWS) {
        level = windows.mean(site, origin - days + 1, origin, least);
        if (!Number.isNaN(level)) break;
      }
      levels[site * width + origin] = Number.isNaN(level) ? windows.mean(site, 0, origin) : level;
    }
  }
  return levels;
}

/** The last site and origin are kept, since who asks of them asks of many days. All of them would be a gigabyte. */
function usualOf({
  windows,
  weekdays,
  regularWeekdays,
  level,
}: Pick<Past, 'windows' | 'weekdays' | 'regularWeekdays' | 'level'>): Past['usual'] {
  const compute = (site: number, origin: number, last: number): number => {
    const ofRegular = regularWeekdays.mean(site, last, USUAL_WEEKS, USUAL_LEAST);
    if (!Number.isNaN(ofRegular)) return ofRegular;
    const ofAny = weekdays.mean(site, last, USUAL_WEEKS);
    if (!Number.isNaN(ofAny)) return ofAny;
    const habit = weekdays.mean(site, last, 52) - windows.mean(site, origin - 363, origin);
    return (Number.isNaN(habit) ? 0 : habit) + level(site, origin);
  };
  const kept = new Float64Array(WEEK);
  let [keptSite, keptOrigin] = [-1, -1];
  return (site, origin, day) => {
    if (site !== keptSite || origin !== keptOrigin) {
      kept.fill(Number.NaN);
      [keptSite, keptOrigin] = [site, origin];
    }
    const value = kept[day % WEEK]!;
    if (!Number.isNaN(value)) return value;
    const last = origin - ((((origin - day) % WEEK) + WEEK) % WEEK);
    return (kept[day % WEEK] = compute(site, origin, last));
  };
}
