// How many people visit each centre of the sample on each day: made up, with the habits of real ones.
import { bell, chance } from './chance.ts';
import { calendarOf, type CalendarDate, type Day, dayOf } from './days.ts';
import { type Site, SITES } from './sites.ts';

// Sunday to Saturday: Wednesday afternoons are free of school.
const WEEK = [0.62, 0.84, 0.88, 1.02, 0.92, 1.1, 1.46];
const REFERENCE_DAY = dayOf('2024-01-01');
const NOISE = 0.06;
const CLOSING_ODDS = 1 / 400;
const GAP_ODDS = 1 / 200;
// What each draw is for, so that one does not decide the other.
const DRAW = { noise: 1, week: 2, closing: 3, gap: 4 };

/** Visitors of a day: 0 when closed. The same seed, site and day always give the same number. */
export function visitorsOn(site: Site, day: Day, seed: number): number {
  if (!isOpen(site, day, seed)) return 0;
  const calendar = calendarOf(day);
  const years = (day - REFERENCE_DAY) / 365.25;
  const habit = 1 + 0.05 * bell(seed, indexOf(site), calendar.weekday, DRAW.week);
  const noise = Math.exp(NOISE * bell(seed, indexOf(site), day, DRAW.noise));
  const trend = (1 + site.growth) ** years;
  const week = (WEEK[calendar.weekday] ?? 1) * habit;
  return Math.round(site.visitors * week * seasonOf(calendar) * trend * noise);
}

/** A site that did not report leaves a gap in the workbooks. */
export function hasReported(site: Site, day: Day, seed: number): boolean {
  return chance(seed, indexOf(site), day, DRAW.gap) >= GAP_ODDS;
}

export function isOpen(site: Site, day: Day, seed: number): boolean {
  return exceptionOn(site, day, seed) ?? isUsuallyOpen(day);
}

/** `true` for an exceptional opening, `false` for an exceptional closing, undefined on a usual day. */
export function exceptionOn(site: Site, day: Day, seed: number): boolean | undefined {
  const calendar = calendarOf(day);
  const usual = isUsuallyOpen(day);
  const open = usual
    ? !isPublicHoliday(calendar) && !isStocktaking(site, calendar) && !isClosedByChance(site, day, seed)
    : opensOnSunday(site, calendar) && !isPublicHoliday(calendar);
  return open === usual ? undefined : open;
}

function isUsuallyOpen(day: Day): boolean {
  return calendarOf(day).weekday !== 0;
}

/** The three days on which French centres close. */
function isPublicHoliday({ month, date }: CalendarDate): boolean {
  return (month === 1 && date === 1) || (month === 5 && date === 1) || (month === 12 && date === 25);
}

/** Each site counts its stock on the first Tuesday of one month, and no two in the same month. */
function isStocktaking(site: Site, { month, date, weekday }: CalendarDate): boolean {
  return weekday === 2 && date <= 7 && month === indexOf(site) + 1;
}

function isClosedByChance(site: Site, day: Day, seed: number): boolean {
  return chance(seed, indexOf(site), day, DRAW.closing) < CLOSING_ODDS;
}

function opensOnSunday({ sundays }: Site, { month, date }: CalendarDate): boolean {
  if (sundays === 'none') return false;
  return month === 12 || (sundays === 'monthly' && date <= 7);
}

/** A wave over the year, sales in winter and summer, and the weeks before Christmas. */
function seasonOf({ month, date, dayOfYear }: CalendarDate): number {
  const wave = 1 - 0.05 * Math.cos((2 * Math.PI * (dayOfYear - 30)) / 365.25);
  const isSales = (month === 1 && date >= 8) || (month === 7 && date <= 20);
  const christmas = month === 12 && date < 25 ? 1.1 + 0.014 * date : 1;
  const holidays = month === 8 ? 0.88 : 1;
  return wave * (isSales ? 1.15 : 1) * christmas * holidays;
}

function indexOf(site: Site): number {
  return SITES.indexOf(site);
}
