// The backtest of a forecast: its errors out of sample, in total and by every cut, beside two naive forecasts.
import type { Origin } from '../engine/engine.ts';
import { isoDateOf, weekdayOf, type Day, type Panel } from '../series/panel.ts';
import { ErrorSums, type Errors } from './errors.ts';
import { forEachKnownDay, type KnownDay } from './known.ts';
import type { NaiveForecaster } from './naive.ts';

/** From Monday on; the names in `metrics.json`. */
export const WEEKDAYS = [
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
  'Sunday',
] as const;
/** The horizon that one number speaks for: six weeks, as far as a plan of opening hours and staff looks. */
const PLANNED_WEEKS = 6;
const WEEK = 7;

export interface Compared {
  readonly model: Errors;
  readonly naiveLastWeek: Errors;
  readonly naiveMeanOfFour: Errors;
}

/** All cuts but `horizonWeeks` are of the first week after each origin. */
export interface Backtest {
  readonly total: Compared;
  /** The mean of the WAPE of the horizon weeks 1 to 6, those that are known; null when none is. */
  readonly wapeHorizon: number | null;
  readonly horizonWeeks: readonly (Compared & { readonly week: number })[];
  readonly clusters: readonly (Compared & { readonly cluster: string; readonly sites: number })[];
  readonly sites: readonly (Compared & SiteName)[];
  /** By the Monday of the ISO week. */
  readonly weeks: readonly (Compared & { readonly monday: string })[];
  readonly weekdays: readonly (Compared & { readonly weekday: string })[];
}

interface SiteName {
  readonly code: string;
  readonly mall: string;
  readonly cluster: string;
}

/** A past day: its date, the sum of absolute errors over the sites, and the sum of their visitors. */
export type MeasuredDay = readonly [date: string, absolute: number, actual: number];

/** The days measured for the gate: twelve weeks, across the turn of the year, so that two runs share most. */
const MEASURED_DAYS = 84;

/** The last days whose actual is known, each as it was forecast on the Sunday before it. In order of day. */
export function errorsByDay(panel: Panel, origins: readonly Origin[]): readonly MeasuredDay[] {
  const days = new Map<Day, { absolute: number; actual: number }>();
  const from = panel.lastDay - MEASURED_DAYS + 1;
  const add = ({ origin, day, at, actual }: KnownDay): void => {
    const sums = days.get(day) ?? { absolute: 0, actual: 0 };
    sums.absolute += Math.abs((origins[origin]?.predictions[at] ?? 0) - actual);
    sums.actual += actual;
    days.set(day, sums);
  };
  forEachKnownDay(panel, origins, from, add, WEEK);
  return [...days]
    .toSorted(([one], [other]) => one - other)
    .map(([day, { absolute, actual }]) => [isoDateOf(day), absolute, actual]);
}

/** Compares on the days from `from` (1 January) whose actual is known. Deterministic, and rounded. */
export function backtestOf(
  panel: Panel,
  origins: readonly Origin[],
  from: Day,
  naive: NaiveForecaster,
): Backtest {
  const total = new Comparison();
  const horizonWeeks = new Cut<number>();
  const clusters = new Cut<string>();
  const sites = new Cut<number>();
  const weeks = new Cut<Day>();
  const weekdays = new Cut<number>();
  for (const origin of origins) {
    const lastWeek = naive.naiveLastWeek(origin.asOf, origin.days).predictions;
    const meanOfFour = naive.naiveMeanOfFour(origin.asOf, origin.days).predictions;
    forEachKnownDay(panel, [origin], from, ({ site, day, horizonWeek, at, actual }) => {
      const add = (comparison: Comparison) =>
        comparison.add(actual, origin.predictions[at] ?? 0, lastWeek[at] ?? 0, meanOfFour[at] ?? 0);
      add(horizonWeeks.of(horizonWeek));
      if (horizonWeek > 1) return;
      add(total);
      add(clusters.of(panel.sites[site]?.cluster ?? ''));
      add(sites.of(site));
      add(weeks.of(day - weekdayOf(day)));
      add(weekdays.of(weekdayOf(day)));
    });
  }
  const ahead = horizonWeeks.map((week) => ({ week }));
  return {
    total: total.compared,
    wapeHorizon: meanWape(ahead.filter(({ week }) => week <= PLANNED_WEEKS)),
    horizonWeeks: ahead,
    clusters: clusters.map((cluster) => ({
      cluster,
      sites: panel.sites.filter((site) => site.cluster === cluster).length,
    })),
    sites: panel.sites.map(({ code, mall, cluster }, site) => ({
      code,
      mall,
      cluster,
      ...sites.of(site).compared,
    })),
    weeks: weeks.map((monday) => ({ monday: isoDateOf(monday) })),
    weekdays: weekdays.map((weekday) => ({ weekday: WEEKDAYS[weekday] ?? '' })),
  };
}

function meanWape(cut: readonly Compared[]): number | null {
  const known = cut.flatMap(({ model }) => (model.wape === null ? [] : [model.wape]));
  if (known.length === 0) return null;
  return Number((known.reduce((sum, wape) => sum + wape, 0) / known.length).toFixed(6));
}

class Comparison {
  readonly #model = new ErrorSums();
  readonly #naiveLastWeek = new ErrorSums();
  readonly #naiveMeanOfFour = new ErrorSums();

  add(actual: number, model: number, lastWeek: number, meanOfFour: number): void {
    this.#model.add(actual, model);
    this.#naiveLastWeek.add(actual, lastWeek);
    this.#naiveMeanOfFour.add(actual, meanOfFour);
  }

  get compared(): Compared {
    return {
      model: this.#model.errors,
      naiveLastWeek: this.#naiveLastWeek.errors,
      naiveMeanOfFour: this.#naiveMeanOfFour.errors,
    };
  }
}

/** One comparison for each value of what the days are cut by, in order of that value. */
class Cut<Key extends string | number> {
  readonly #comparisons = new Map<Key, Comparison>();

  of(key: Key): Comparison {
    const found = this.#comparisons.get(key);
    if (found !== undefined) return found;
    const made = new Comparison();
    this.#comparisons.set(key, made);
    return made;
  }

  map<Named>(name: (key: Key) => Named): readonly (Named & Compared)[] {
    return [...this.#comparisons]
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, comparison]) => ({ ...name(key), ...comparison.compared }));
  }
}
