// Days of the calendar, as whole numbers since 1 January 1970.

export type Day = number;

const DAY_MS = 24 * 3600 * 1000;

/** Throws RangeError unless `text` is a date as YYYY-MM-DD. */
export function dayOf(text: string): Day {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== text) {
    throw new RangeError(`"${text}" is no date: expected YYYY-MM-DD`);
  }
  return ms / DAY_MS;
}

export interface CalendarDate {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  /** From 1. */
  readonly date: number;
  /** Sunday is 0. */
  readonly weekday: number;
  /** From 0 on 1 January. */
  readonly dayOfYear: number;
}

export function calendarOf(day: Day): CalendarDate {
  const at = atMidnight(day);
  const year = at.getUTCFullYear();
  return {
    year,
    month: at.getUTCMonth() + 1,
    date: at.getUTCDate(),
    weekday: at.getUTCDay(),
    dayOfYear: day - dayOf(`${year}-01-01`),
  };
}

/** Midnight in UTC: what a workbook's date cell holds. */
export function atMidnight(day: Day): Date {
  return new Date(day * DAY_MS);
}

export function daysFrom(first: Day, last: Day): Day[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}
