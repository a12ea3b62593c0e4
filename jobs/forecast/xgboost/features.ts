// The columns of the model, each with the function that fills it: all are known on the evening of the origin.
import { calendarOf, type DayFacts } from './calendar.ts';
import { cycleOf } from './cycle.ts';
import { deviationsOf, weekOf } from './deviations.ts';
import type { Past } from './past.ts';
import { KEPT_WEEKS, recentOf } from './recent.ts';
import { WEEK } from './windows.ts';

export interface FeatureTable {
  readonly names: readonly string[];
  /** `c` for the site, which is a category; `q` for all others. */
  readonly types: readonly ('q' | 'c')[];
  /** The rhythm found in the data, in weeks; 1 when there is none. */
  readonly cycleWeeks: number;
  /** Writes one row at `offset`: what is known on the evening of `origin` about `site` on `day`. */
  fill(row: Float32Array, offset: number, site: number, origin: number, day: number): void;
}

/** Gives the value, or NaN when it is not known. `level` is the site's on the evening of `origin`. */
type Feature = (site: number, origin: number, day: number, level: number) => number;
type Columns = Readonly<Record<string, Feature>>;

/** The same weekday a year ago. */
const YEAR = 364;

/** `isKept` can leave columns out, for measuring what each is worth. */
export function featuresOf(past: Past, isKept: (name: string) => boolean = () => true): FeatureTable {
  const deviations = deviationsOf(past);
  const cycleWeeks = cycleOf(deviations.companyWeeks);
  const groups: readonly Columns[] = [
    {
      site: (site) => site,
      horizon: (_site, origin, day) => day - origin,
      weekday: (_site, _origin, day) => past.weekday(day),
    },
    lags(past),
    means(past),
    cycle(past, cycleWeeks),
    lastYear(past, deviations),
    calendar(past),
  ];
  const columns = groups.flatMap((group) => Object.entries(group)).filter(([name]) => isKept(name));
  const features = columns.map(([, feature]) => feature);
  return {
    names: columns.map(([name]) => name),
    types: columns.map(([name]) => (name === 'site' ? 'c' : 'q')),
    cycleWeeks,
    fill(row, offset, site, origin, day) {
      const level = past.level(site, origin);
      features.forEach((feature, column) => {
        row[offset + column] = feature(site, origin, day, level);
      });
    },
  };
}

/** The last day up to `origin` that lies whole periods before `day`. */
const sameDayBefore = (origin: number, day: number, period: number): number =>
  day - Math.ceil((day - origin) / period) * period;

const logAt = (past: Past, site: number, day: number): number =>
  day < 0 ? Number.NaN : past.logs[site * past.width + day]!;

function lags(past: Past): Columns {
  const lag =
    (weeks: number): Feature =>
    (site, origin, day, level) =>
      logAt(past, site, sameDayBefore(origin, day, WEEK) - weeks * WEEK) - level;
  const weekdayMean =
    (weeks: number): Feature =>
    (site, origin, day, level) =>
      past.all.weekdayMean(site, sameDayBefore(origin, day, WEEK), weeks) - level;
  return {
    weekdayLast: lag(0),
    weekdayLast2: lag(1),
    weekdayLast3: lag(2),
    weekdayLast4: lag(3),
    weekdayMean4: weekdayMean(4),
    weekdayMean8: weekdayMean(8),
    weekdayMean26: weekdayMean(26),
    weekdayHabit: (site, origin, day) =>
      past.all.weekdayMean(site, sameDayBefore(origin, day, WEEK), 52) -
      past.all.mean(site, origin - YEAR + 1, origin),
  };
}

function means(past: Past): Columns {
  const mean =
    (days: number): Feature =>
    (site, origin, _day, level) =>
      past.all.mean(site, origin - days + 1, origin) - level;
  const growth =
    (days: number, ofLevel: boolean): Feature =>
    (site, origin, _day, level) =>
      (ofLevel ? level : past.all.mean(site, origin - days + 1, origin)) -
      past.all.mean(site, origin - YEAR - days + 1, origin - YEAR, 8);
  return {
    mean7: mean(7),
    mean14: mean(14),
    mean56: mean(56),
    mean91: mean(91),
    mean182: mean(182),
    mean364: mean(364),
    meanEver: (site, origin, _day, level) => past.all.mean(site, 0, origin) - level,
    growth28: growth(28, true),
    growth91: growth(91, false),
  };
}

/** The same place in the rhythm; with no rhythm, the same weekday. */
function cycle(past: Past, weeks: number): Columns {
  const recent = recentOf(past);
  const period = weeks * WEEK;
  const siteDays =
    (turns: number): Feature =>
    (site, origin, day, level) =>
      average(turns, (turn) => logAt(past, site, sameDayBefore(origin, day, period) - turn * period)) - level;
  const companyDay =
    (periodDays: number, turn: number): Feature =>
    (_site, origin, day) =>
      recent.companyDay(origin, sameDayBefore(origin, day, periodDays) - turn * periodDays);
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
    companyWeekdayLast: companyDay(WEEK, 0),
    companyWeekdayLast2: companyDay(WEEK, 1),
    companyCycleLast: companyDay(period, 0),
    companyCycleLast2: companyDay(period, 1),
    companyWeekdayMean4: (_site, origin, day) =>
      average(4, (turn) => recent.companyDay(origin, sameDayBefore(origin, day, WEEK) - turn * WEEK)),
    cycleWeekLast: siteWeeks(1),
    cycleWeekMean3: siteWeeks(3),
    cycleWeekMean6: siteWeeks(6),
  };
}

function average(count: number, valueAt: (index: number) => number): number {
  let sum = 0;
  let found = 0;
  for (let index = 0; index < count; index += 1) {
    const value = valueAt(index);
    if (Number.isNaN(value)) continue;
    sum += value;
    found += 1;
  }
  return found === 0 ? Number.NaN : sum / found;
}

/** A year ago every day around is known, on both sides, since no horizon reaches that far. */
function lastYear(past: Past, deviations: ReturnType<typeof deviationsOf>): Columns {
  const { width } = past;
  const levelThen = (site: number, origin: number): number =>
    origin < YEAR ? Number.NaN : past.level(site, origin - YEAR);
  const day364 =
    (shift: number): Feature =>
    (site, origin, day) =>
      logAt(past, site, day - YEAR + shift) - levelThen(site, origin);
  const around =
    (before: number, after: number, least: number): Feature =>
    (site, origin, day) =>
      past.all.mean(site, day - YEAR - before, day - YEAR + after, least) - levelThen(site, origin);
  const ofSite =
    (values: Float64Array): Feature =>
    (site, _origin, day) =>
      day < YEAR ? Number.NaN : values[site * width + day - YEAR]!;
  const ofCompany =
    (values: Float64Array, shift = 0): Feature =>
    (_site, _origin, day) =>
      day - YEAR + shift < 0 ? Number.NaN : values[day - YEAR + shift]!;
  const { company } = deviations;
  return {
    yearAgo: day364(0),
    yearAgoLess14: day364(-14),
    yearAgoLess7: day364(-7),
    yearAgoPlus7: day364(7),
    yearAgoPlus14: day364(14),
    yearAgoWeek: around(3, 3, 3),
    yearAgoMonth: around(14, 13, 8),
    yearAgoFromLevel: ofSite(deviations.fromLevel),
    yearAgoFromWeekday: ofSite(deviations.fromWeekday),
    yearAgoFromRegular: (site, origin, day, level) =>
      day < YEAR || past.regular[site * width + day - YEAR] === 0
        ? Number.NaN
        : ofSite(deviations.fromRegular)(site, origin, day, level),
    yearAgoSiteWeek: (site, _origin, day) =>
      day < YEAR ? Number.NaN : deviations.siteWeeks[site * deviations.weeks + weekOf(past, day - YEAR)]!,
    companyYearAgo: ofCompany(company.fromWeekday),
    companyYearAgoLess14: ofCompany(company.fromWeekday, -14),
    companyYearAgoLess7: ofCompany(company.fromWeekday, -7),
    companyYearAgoPlus7: ofCompany(company.fromWeekday, 7),
    companyYearAgoPlus14: ofCompany(company.fromWeekday, 14),
    companyYearAgoFromLevel: ofCompany(company.fromLevel),
    companyYearAgoRegular: ofCompany(company.fromRegular),
  };
}

function calendar(past: Past): Columns {
  const { facts, toHoliday, sinceHoliday, toClosure, sinceClosure, openShare } = calendarOf(past);
  const { width, open } = past;
  const fact =
    (name: keyof DayFacts): Feature =>
    (_site, _origin, day) =>
      facts[day]![name];
  const openOn =
    (shift: number): Feature =>
    (site, _origin, day) =>
      day + shift < 0 || day + shift >= width ? Number.NaN : open[site * width + day + shift]!;
  return {
    dayOfMonth: fact('dayOfMonth'),
    daysToMonthEnd: fact('daysToMonthEnd'),
    payPeriod: fact('payPeriod'),
    month: fact('month'),
    dayOfYear: fact('dayOfYear'),
    fromEaster: fact('fromEaster'),
    fromChristmas: fact('fromChristmas'),
    toHoliday: (_site, _origin, day) => toHoliday[day]!,
    sinceHoliday: (_site, _origin, day) => sinceHoliday[day]!,
    openLess2: openOn(-2),
    openLess1: openOn(-1),
    openPlus1: openOn(1),
    openPlus2: openOn(2),
    sinceClosure: (site, _origin, day) => sinceClosure[site * width + day]!,
    toClosure: (site, _origin, day) => toClosure[site * width + day]!,
    openShare: (_site, _origin, day) => openShare[day]!,
  };
}
