// The public holidays of a country, by day.
import Holidays from 'date-holidays';
import { dayOf, isoDateOf, type Day } from '../series/panel.ts';

export interface HolidayCalendar {
  /** The holiday's name, the same every year; undefined on any other day. */
  on(day: Day): string | undefined;
  /** The days of this holiday from `first` to `last`, in order. */
  daysOf(name: string, first: Day, last: Day): readonly Day[];
}

/** `country` is an ISO 3166-1 code, such as `FR`. The years of `first` to `last` are known. */
export function publicHolidays(country: string, first: Day, last: Day): HolidayCalendar {
  const calendar = new Holidays(country, { types: ['public'], languages: ['en'] });
  const nameOfDay = new Map<Day, string>();
  const daysOfName = new Map<string, Day[]>();
  for (let year = yearOf(first); year <= yearOf(last); year += 1) {
    for (const { date, rule } of calendar.getHolidays(year)) {
      const day = dayOf(date.slice(0, 10));
      if (nameOfDay.has(day)) continue;
      nameOfDay.set(day, rule);
      daysOfName.set(rule, [...(daysOfName.get(rule) ?? []), day]);
    }
  }
  return {
    on: (day) => nameOfDay.get(day),
    daysOf: (name, from, to) => (daysOfName.get(name) ?? []).filter((day) => day >= from && day <= to),
  };
}

/** Whether the calendar knows the country. */
export const isKnownCountry = (country: string): boolean => country in new Holidays().getCountries();

const yearOf = (day: Day): number => Number(isoDateOf(day).slice(0, 4));
