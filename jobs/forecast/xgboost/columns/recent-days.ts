// The site's last days and its longer means, against its level.
import type { Past } from '../past.ts';
import { WEEK } from '../windows.ts';
import { logAt, sameDayBefore, YEAR, type Columns, type Feature } from './column.ts';

export function lags(past: Past): Columns {
  const lag =
    (weeks: number): Feature =>
    (site, origin, day, level) =>
      logAt(past, site, sameDayBefore(origin, day, WEEK) - weeks * WEEK) - level;
  const weekdayMean =
    (weeks: number): Feature =>
    (site, origin, day, level) =>
      past.weekdays.mean(site, sameDayBefore(origin, day, WEEK), weeks) - level;
  return {
    weekdayLast: lag(0),
    weekdayLast2: lag(1),
    weekdayLast3: lag(2),
    weekdayLast4: lag(3),
    weekdayMean4: weekdayMean(4),
    weekdayMean8: weekdayMean(8),
    weekdayMean26: weekdayMean(26),
    weekdayHabit: (site, origin, day) =>
      past.weekdays.mean(site, sameDayBefore(origin, day, WEEK), 52) -
      past.windows.mean(site, origin - YEAR + 1, origin),
  };
}

export function means(past: Past): Columns {
  const mean =
    (days: number): Feature =>
    (site, origin, _day, level) =>
      past.windows.mean(site, origin - days + 1, origin) - level;
  const growth =
    (days: number, ofLevel: boolean): Feature =>
    (site, origin, _day, level) =>
      (ofLevel ? level : past.windows.mean(site, origin - days + 1, origin)) -
      past.windows.mean(site, origin - YEAR - days + 1, origin - YEAR, 8);
  return {
    mean7: mean(7),
    mean14: mean(14),
    mean56: mean(56),
    mean91: mean(91),
    mean182: mean(182),
    mean364: mean(364),
    meanEver: (site, origin, _day, level) => past.windows.mean(site, 0, origin) - level,
    growth28: growth(28, true),
    growth91: growth(91, false),
  };
}
