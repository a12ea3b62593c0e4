// A company that never was, of any size: visits drawn from a seed, so that every machine measures the same panel.
import { dayOf, weekdayOf, type Day, type Panel, type Site } from '../../jobs/forecast/series/panel.ts';

export interface CompanySize {
  readonly sites: number;
  readonly days: number;
  readonly seed: number;
}

const LAST_DAY = dayOf('2024-06-23');
/** The census has one line: the job reads no folder without any. */
const CENSUS_DAY = dayOf('2024-12-22');
const YEAR_DAYS = 365.25;
const CLUSTERS = 12;
/** Closed everywhere: month and day. */
const HOLIDAYS = new Set(['01-01', '05-01', '12-25']);
const CLOSED_ON_SUNDAYS = 0.6;
/** Of the sites: opened during the first half of the history, or closed for some weeks once. */
const OPENED_LATE = 0.1;
const CLOSED_FOR_LONG = 0.15;
const LONGEST_CLOSURE_DAYS = 70;
/** The share of days without a report. */
const NOT_REPORTED = 0.004;
/** Standard deviations, on a log scale. */
const DAY_NOISE = 0.1;
const COMPANY_NOISE = 0.04;

/** Same weekdays, seasons, a trend, a campaign every other week, holidays, closures, late openings and silent days. */
export function companyOf({ sites, days, seed }: CompanySize): Panel {
  const chance = chanceOf(seed);
  const firstDay = LAST_DAY - days + 1;
  const company = Float64Array.from({ length: days }, () => COMPANY_NOISE * normal(chance));
  const holidays = Uint8Array.from({ length: days }, (_, index) =>
    Number(HOLIDAYS.has(new Date((firstDay + index) * 86_400_000).toISOString().slice(5, 10))),
  );
  const visits = new Float64Array(sites * days);
  for (let site = 0; site < sites; site += 1) {
    const row = visits.subarray(site * days, (site + 1) * days);
    fillSite(row, firstDay, company, holidays, chance);
  }
  return {
    sites: Array.from({ length: sites }, (_, site) => siteOf(site)),
    firstDay,
    lastDay: LAST_DAY,
    visits,
    openings: {
      lastDay: CENSUS_DAY,
      exception: (site, day) => (site === 0 && day === CENSUS_DAY ? true : undefined),
    },
  };
}

const siteOf = (site: number): Site => {
  const code = String(site).padStart(5, '0');
  return { code, mall: `Mall ${code}`, cluster: `Cluster ${site % CLUSTERS}` };
};

function fillSite(
  row: Float64Array,
  firstDay: Day,
  company: Float64Array,
  holidays: Uint8Array,
  chance: () => number,
): void {
  const level = 7 + normal(chance);
  const weekdays = Array.from(
    { length: 7 },
    (_, weekday) => 0.15 * normal(chance) + (weekday === 5 ? 0.4 : 0),
  );
  const closedOnSundays = chance() < CLOSED_ON_SUNDAYS;
  const trend = (0.1 * normal(chance)) / YEAR_DAYS;
  const [season, campaign, december] = [0.1 + 0.1 * chance(), 0.05 + 0.1 * chance(), 0.4 * chance()];
  const opened = chance() < OPENED_LATE ? Math.floor((chance() * row.length) / 2) : 0;
  const closes = chance() < CLOSED_FOR_LONG ? Math.floor(chance() * row.length) : row.length;
  const reopens = closes + Math.ceil(chance() * LONGEST_CLOSURE_DAYS);
  let drift = 0;
  for (let index = 0; index < row.length; index += 1) {
    const day = firstDay + index;
    const ofYear = (day / YEAR_DAYS) % 1;
    drift = 0.9 * drift + 0.03 * normal(chance);
    const log =
      level +
      weekdays[weekdayOf(day)]! +
      trend * index +
      season * Math.sin(2 * Math.PI * ofYear) +
      (ofYear > 0.9 ? december * (ofYear - 0.9) * 10 : 0) +
      (Math.floor((day + 3) / 7) % 2 === 0 ? campaign : 0) +
      company[index]! +
      drift +
      DAY_NOISE * normal(chance);
    const isClosed =
      holidays[index] === 1 ||
      (closedOnSundays && weekdayOf(day) === 6) ||
      (index >= closes && index < reopens);
    const isSilent = index < opened || chance() < NOT_REPORTED;
    row[index] = isSilent ? Number.NaN : isClosed ? 0 : Math.max(1, Math.round(Math.exp(log)));
  }
}

/** Numbers in [0, 1) that the seed repeats (mulberry32). */
function chanceOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Close enough to the normal distribution: the sum of twelve even draws, less six. */
function normal(chance: () => number): number {
  let sum = -6;
  for (let draw = 0; draw < 12; draw += 1) sum += chance();
  return sum;
}
