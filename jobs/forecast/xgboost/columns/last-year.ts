// The same weekday a year ago, and what it was like then.
import { weekOf, type Deviations } from '../deviations.ts';
import type { Past } from '../past.ts';
import { logAt, YEAR, type Columns, type Feature } from './column.ts';

/** A year ago every day around is known, on both sides, since no horizon reaches that far. */
export function lastYear(past: Past, deviations: Deviations): Columns {
  const { width } = past;
  const levelThen = (site: number, origin: number): number =>
    origin < YEAR ? Number.NaN : past.level(site, origin - YEAR);
  const day364 =
    (shift: number): Feature =>
    (site, origin, day) =>
      logAt(past, site, day - YEAR + shift) - levelThen(site, origin);
  const around =
    (before: number, after: number, least: number): Feature =>
    (site, origin, day) =>
      past.windows.mean(site, day - YEAR - before, day - YEAR + after, least) - levelThen(site, origin);
  const ofSite =
    (values: Float32Array): Feature =>
    (site, _origin, day) =>
      day < YEAR ? Number.NaN : values[site * width + day - YEAR]!;
  return {
    yearAgo: day364(0),
    yearAgoLess14: day364(-14),
    yearAgoLess7: day364(-7),
    yearAgoPlus7: day364(7),
    yearAgoPlus14: day364(14),
    yearAgoWeek: around(3, 3, 3),
    yearAgoMonth: around(14, 13, 8),
    yearAgoFromLevel: ofSite(deviations.fromLevel),
    yearAgoFromWeekday: ofSite(deviations.fromWeekday),
    yearAgoFromRegular: (site, origin, day, level) =>
      day < YEAR || past.regular[site * width + day - YEAR] === 0
        ? Number.NaN
        : ofSite(deviations.fromRegular)(site, origin, day, level),
    yearAgoSiteWeek: (site, _origin, day) =>
      day < YEAR ? Number.NaN : deviations.siteWeeks[site * deviations.weeks + weekOf(past, day - YEAR)]!,
  };
}
