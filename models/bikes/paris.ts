// Local time of Paris, by the rule of the European Union; before it, by the platform's time zone database.
import type { Hour } from './observations.ts';

export interface LocalTime {
  /** 0 to 23. */
  readonly hour: number;
  /** Monday is 0. */
  readonly weekday: number;
  /** Days since 1970-01-01, of the local date. */
  readonly day: number;
}

const ZONE = 'Europe/Paris';
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** Since then all of the Union changes its clocks at 01:00 UTC, on the last Sundays of March and October. */
const FIRST_RULED_YEAR = 1996;
const MARCH = 2;
const OCTOBER = 9;
// Made when it is needed: the first formatter of a process takes 10 ms, which is felt in a cold start.
let formatter: Intl.DateTimeFormat | undefined;
const MOST_DAYS = 100_000;
const offsetsByDay = new Map<number, readonly [start: number, end: number]>();

/** Hours that Paris is ahead of UTC. */
export function offsetOf(hour: Hour): number {
  const day = Math.floor(hour / 24);
  let offsets = offsetsByDay.get(day);
  if (offsets === undefined) {
    offsets = [foundOffset(day * 24), foundOffset(day * 24 + 23)];
    if (offsetsByDay.size >= MOST_DAYS) offsetsByDay.clear();
    offsetsByDay.set(day, offsets);
  }
  const [start, end] = offsets;
  return start === end ? start : foundOffset(hour);
}

function foundOffset(hour: Hour): number {
  const year = new Date(hour * HOUR_MS).getUTCFullYear();
  if (!(year >= FIRST_RULED_YEAR)) return askedOffset(hour);
  const isSummer = hour > lastSunday(year, MARCH) * 24 && hour <= lastSunday(year, OCTOBER) * 24;
  return isSummer ? 2 : 1;
}

/** Days since 1970-01-01; of a month that has 31 days. */
function lastSunday(year: number, month: number): number {
  const last = Date.UTC(year, month, 31) / DAY_MS;
  return last - ((last + 4) % 7);
}

function askedOffset(hour: Hour): number {
  formatter ??= new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, timeZoneName: 'longOffset' });
  const name =
    formatter.formatToParts(hour * HOUR_MS).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours] = /^GMT([+-])(\d\d):\d\d$/.exec(name) ?? [];
  return hours === undefined ? 0 : Number(`${sign}${hours}`);
}

export function localTimeOf(hour: Hour): LocalTime {
  const local = hour + offsetOf(hour);
  const day = Math.floor(local / 24);
  // 1970-01-01 was a Thursday.
  return { hour: local - day * 24, weekday: (((day + 3) % 7) + 7) % 7, day };
}
