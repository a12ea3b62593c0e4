// The days that the clock and the calendar give.
import { dayOf, isoDateOf, type Day } from './panel.ts';

/** Where the malls are: a day ends there, not in Greenwich. */
const TIME_ZONE = 'Europe/Paris';

const CALENDAR = new Intl.DateTimeFormat('en-CA', { timeZone: TIME_ZONE, dateStyle: 'short' });

export const todayOf = (now: Date): Day => dayOf(CALENDAR.format(now));

/** 1 January of the day's year. */
export const yearStart = (day: Day): Day => dayOf(`${isoDateOf(day).slice(0, 4)}-01-01`);
