// The hours that are alike: one slot for each hour of a working day, of a Saturday, and of a Sunday or public holiday.
import { calendarDay } from './calendar.ts';
import type { Hour } from './observations.ts';
import { localTimeOf } from './paris.ts';

export const SLOTS = 72;

export interface Slot {
  /** 0 to `SLOTS` - 1. */
  readonly slot: number;
  /** 0 to 23. */
  readonly hour: number;
  /** Monday is 0; a public holiday is a Sunday. */
  readonly weekday: number;
  readonly month: number;
  readonly schoolHoliday: number;
  /** Days since the school holidays or the term began, and until they end; bounded. */
  readonly since: number;
  readonly until: number;
}

const SATURDAY = 5;
const SUNDAY = 6;

export function slotOf(at: Hour): Slot {
  const { hour, weekday: dayOfWeek, day } = localTimeOf(at);
  const { isPublicHoliday, ...ofDay } = calendarDay(day);
  const weekday = isPublicHoliday ? SUNDAY : dayOfWeek;
  const kind = Math.max(0, weekday - SATURDAY + 1);
  return { slot: kind * 24 + hour, hour, weekday, ...ofDay };
}
