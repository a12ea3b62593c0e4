// What is known of the day itself before it comes: its place in the calendar, and what is open around it.
import { calendarOf, type DayFacts } from '../calendar.ts';
import type { Past } from '../past.ts';
import type { Columns, Feature } from './column.ts';

export function comingDay(past: Past): Columns {
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
