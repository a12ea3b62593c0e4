// The same weekday a year ago, what it was like then, and what it was like across the company.
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
      past.all.mean(site, day - YEAR - before, day - YEAR + after, least) - levelThen(site, origin);
  const ofSite =
    (values: Float64Array): Feature =>
    (site, _origin, day) =>
      day < YEAR ? Number.NaN : values[site * width + day - YEAR]!;
  const ofCompany =
    (values: Float64Array, shift = 0): Feature =>
    (_site, _origin, day) =>
      day - YEAR + shift < 0 ? Number.NaN : values[day - YEAR + shift]!;
  const { company } = deviations;
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
    companyYearAgo: ofCompany(company.fromWeekday),
    companyYearAgoLess14: ofCompany(company.fromWeekday, -14),
    companyYearAgoLess7: ofCompany(company.fromWeekday, -7),
    companyYearAgoPlus7: ofCompany(company.fromWeekday, 7),
    companyYearAgoPlus14: ofCompany(company.fromWeekday, 14),
    companyYearAgoFromLevel: ofCompany(company.fromLevel),
    companyYearAgoRegular: ofCompany(company.fromRegular),
  };
}
