// Local time of Paris. The rules are those of the platform's time zone database, asked once for each day.
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
const formatter = new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, timeZoneName: 'longOffset' });
const MOST_DAYS = 100_000;
const offsetsByDay = new Map<number, readonly [start: number, end: number]>();

/** Hours that Paris is ahead of UTC. */
export function offsetOf(hour: Hour): number {
  const day = Math.floor(hour / 24);
  let offsets = offsetsByDay.get(day);
  if (offsets === undefined) {
    offsets = [askedOffset(day * 24), askedOffset(day * 24 + 23)];
    if (offsetsByDay.size >= MOST_DAYS) offsetsByDay.clear();
    offsetsByDay.set(day, offsets);
  }
  const [start, end] = offsets;
  return start === end ? start : askedOffset(hour);
}

function askedOffset(hour: Hour): number {
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
