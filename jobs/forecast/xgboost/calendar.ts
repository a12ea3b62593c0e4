// The calendar features of each day: the month, pay-day, Easter and Christmas, the nearest holidays and closures.
import { isoDateOf } from '../series/panel.ts';
import type { Past } from './past.ts';
import { openShare } from './regular.ts';

export interface DayFacts {
  /** 1 to 31. */
  readonly dayOfMonth: number;
  /** 0 on the last day of the month. */
  readonly daysToMonthEnd: number;
  /** 0 to 4: the last days of the month, its first days, its first week, its middle, any other day. */
  readonly payPeriod: number;
  /** 0 to 11. */
  readonly month: number;
  /** 0 to 365. */
  readonly dayOfYear: number;
  /** Days since Easter Sunday, negative before; 99 when it is more than 60 days away. */
  readonly fromEaster: number;
  /** Days since Christmas Day, negative before; 99 when it is more than 40 days away. */
  readonly fromChristmas: number;
}

export interface Calendar {
  readonly facts: readonly DayFacts[];
  /** Days to the next and since the last holiday of the company, at most 30. */
  readonly toHoliday: Int16Array;
  readonly sinceHoliday: Int16Array;
  /** By site and day: days to the next closed day (0 on one) and since the last one before, at most 15. */
  readonly toClosure: Int16Array;
  readonly sinceClosure: Int16Array;
  /** The share of sites that are open. */
  readonly openShare: Float64Array;
}

const FARTHEST_HOLIDAY = 30;
const FARTHEST_CLOSURE = 15;
const EASTER_REACH = 60;
const CHRISTMAS_REACH = 40;
const FAR_AWAY = 99;

export function calendarOf(past: Past): Calendar {
  const { sites, width, open, holidays, known } = past;
  const toClosure = new Int16Array(sites * width);
  const sinceClosure = new Int16Array(sites * width);
  for (let site = 0; site < sites; site += 1) {
    const closed = open.subarray(site * width, (site + 1) * width).map((isOpen) => 1 - isOpen);
    toClosure.set(daysTo(closed, FARTHEST_CLOSURE), site * width);
    sinceClosure.set(daysSince(closed, FARTHEST_CLOSURE, 1), site * width);
  }
  return {
    facts: Array.from({ length: width }, (_, day) => factsOf(known.firstDay + day)),
    toHoliday: daysTo(holidays, FARTHEST_HOLIDAY),
    sinceHoliday: daysSince(holidays, FARTHEST_HOLIDAY, 0),
    toClosure,
    sinceClosure,
    openShare: openShare(open, sites, width),
  };
}

function daysTo(marks: Uint8Array, farthest: number): Int16Array {
  const distance = new Int16Array(marks.length);
  let next = Number.POSITIVE_INFINITY;
  for (let day = marks.length - 1; day >= 0; day -= 1) {
    if (marks[day] === 1) next = day;
    distance[day] = Math.min(farthest, next - day);
  }
  return distance;
}

/** `least` 1: a marked day itself looks back to the mark before it. */
function daysSince(marks: Uint8Array, farthest: number, least: 0 | 1): Int16Array {
  const distance = new Int16Array(marks.length);
  let last = Number.NEGATIVE_INFINITY;
  for (let day = 0; day < marks.length; day += 1) {
    if (least === 0 && marks[day] === 1) last = day;
    distance[day] = Math.min(farthest, day - last);
    if (marks[day] === 1) last = day;
  }
  return distance;
}

function factsOf(day: number): DayFacts {
  const [year, month, dayOfMonth] = isoDateOf(day).split('-').map(Number) as [number, number, number];
  const daysToMonthEnd = new Date(Date.UTC(year, month, 0)).getUTCDate() - dayOfMonth;
  const nearest = (dates: readonly number[], reach: number): number => {
    const distances = dates.map((date) => day - date);
    const least = distances.reduce((one, other) => (Math.abs(other) < Math.abs(one) ? other : one));
    return Math.abs(least) > reach ? FAR_AWAY : least;
  };
  return {
    dayOfMonth,
    daysToMonthEnd,
    payPeriod: payPeriodOf(dayOfMonth, daysToMonthEnd),
    month: month - 1,
    dayOfYear: day - dayNumber(year, 1, 1),
    fromEaster: nearest([year - 1, year, year + 1].map(easterOf), EASTER_REACH),
    fromChristmas: nearest([dayNumber(year - 1, 12, 25), dayNumber(year, 12, 25)], CHRISTMAS_REACH),
  };
}

function payPeriodOf(dayOfMonth: number, daysToMonthEnd: number): number {
  if (dayOfMonth <= 3) return 1;
  if (dayOfMonth <= 7) return 2;
  if (daysToMonthEnd <= 2) return 0;
  return dayOfMonth >= 13 && dayOfMonth <= 16 ? 3 : 4;
}

const dayNumber = (year: number, month: number, day: number): number =>
  Date.UTC(year, month - 1, day) / 86_400_000;

/** Easter Sunday of the Gregorian calendar: the Sunday after the first church full moon of spring. */
function easterOf(year: number): number {
  const century = Math.floor(year / 100);
  const moonShift = century - Math.floor(century / 4) - Math.floor((8 * century + 13) / 25);
  const epact = (19 * (year % 19) + moonShift + 15) % 30;
  // April's moon must fall on the 18th at the latest, and not twice on the same day within 19 years.
  const tooLate = epact === 29 || (epact === 28 && year % 19 > 10) ? 1 : 0;
  const fullMoon = dayNumber(year, 3, 21) + epact - tooLate;
  const weekday = (((fullMoon + 3) % 7) + 7) % 7;
  return fullMoon + (7 - ((weekday + 1) % 7));
}
