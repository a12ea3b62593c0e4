// Leans on last year's days across the company, as far as this year's weeks have followed them lately.
import { bounded, weekOf, type Deviations } from './deviations.ts';
import type { Past } from './past.ts';
import { YEAR } from './columns/column.ts';
import { WEEK } from './windows.ts';

export interface Leaning {
  /** After so many weeks a week counts half as much for the trust as the last one does. */
  readonly halfWeeks: number;
  /** Added to both variances: a few weeks that happen to match do not make much trust yet. */
  readonly doubt: number;
  /** The trees are never leant on less than 1 minus this. */
  readonly most: number;
}

const YEAR_WEEKS = YEAR / WEEK;
/** When fewer sites than this share have a regular day, it means little for the company. */
const LEAST_SHARE = 1 / 3;

/**
 * The trees learn from one year or two how far the company's days follow those a year before, and cannot know
 * that this spring they do and last autumn they did not. So what all sites' forecasts say together of a day is
 * moved towards what that day was like a year ago, by `trust`. Only the shape of the days is moved: the mean of
 * the logarithms over the horizon stays.
 *
 * Gives a factor for each of the `days` after the cut, for regular days; 1 where nothing is known of last year.
 */
export function lastYearFactors(
  past: Past,
  deviations: Deviations,
  visits: Float64Array,
  days: number,
  leaning: Leaning,
): Float64Array {
  const message = statedOfCompany(past, visits, days);
  const then = message.map((_, index) => {
    const day = past.cut + 1 + index - YEAR;
    return day < 0 ? Number.NaN : deviations.companyDays[day]!;
  });
  const gaps = then.map((value, index) => value - message[index]!);
  const known = gaps.filter((gap) => !Number.isNaN(gap));
  const meanGap = known.reduce((sum, gap) => sum + gap, 0) / Math.max(1, known.length);
  const weight = Math.min(leaning.most, trust(past, deviations, leaning));
  return gaps.map((gap) => (Number.isNaN(gap) ? 1 : Math.exp(weight * (gap - meanGap))));
}

/** From 0 to 1: how well the company's last weeks correlate, about zero, with those a year before each. */
function trust(past: Past, { companyWeeks }: Deviations, { halfWeeks, doubt }: Leaning): number {
  const last = weekOf(past, past.cut);
  let together = 0;
  let nowAlone = doubt;
  let thenAlone = doubt;
  for (let week = YEAR_WEEKS; week <= last; week += 1) {
    const now = companyWeeks[week]!;
    const then = companyWeeks[week - YEAR_WEEKS]!;
    if (Number.isNaN(now) || Number.isNaN(then)) continue;
    const weight = 0.5 ** ((last - week) / halfWeeks);
    together += weight * now * then;
    nowAlone += weight * now ** 2;
    thenAlone += weight * then ** 2;
  }
  return Math.max(0, together / Math.sqrt(nowAlone * thenAlone));
}

/** By day ahead: the mean over the sites of the forecast's logarithm against the site's usual weekday. */
function statedOfCompany(past: Past, visits: Float64Array, days: number): Float64Array {
  return Float64Array.from({ length: days }, (_, index) => {
    const day = past.cut + 1 + index;
    let sum = 0;
    let found = 0;
    for (let site = 0; site < past.sites; site += 1) {
      const forecast = visits[site * days + index]!;
      const usual = past.usual(site, past.cut, day);
      if (forecast <= 0 || past.regular[site * past.width + day] === 0 || Number.isNaN(usual)) continue;
      sum += bounded(Math.log(forecast) - usual);
      found += 1;
    }
    return found < past.sites * LEAST_SHARE || found === 0 ? Number.NaN : sum / found;
  });
}
