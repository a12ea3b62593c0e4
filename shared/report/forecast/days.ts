// The days of one series, a site or sites together, as the charts take them: what came, what was forecast, the band, last year.

/** So many days up to the last actual are shown day by day, also where they reach into the year before. */
export const RECENT_DAYS = 56;
/** And so many of those to come. */
export const COMING_DAYS = 28;

/** One value for each day; NaN where nothing is known. */
export interface DailySeries {
  readonly isoDates: readonly string[];
  readonly predicted: readonly number[];
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  readonly actual: readonly number[];
  /** The visitors of 364 days before, which is the same weekday. */
  readonly lastYear: readonly number[];
  readonly lastActual: string;
}

/** As a file holds them: null where nothing is known, and none of what is unknown at the end. */
export type StoredDays = Readonly<
  Record<'predicted' | 'lower' | 'upper' | 'actual' | 'lastYear', readonly (number | null)[]>
>;

/** Of all series of a forecast. */
export interface DaysSpan {
  readonly firstDay: string;
  readonly lastDay: string;
  readonly lastActual: string;
}

const MS_PER_DAY = 86_400_000;
const msOf = (isoDate: string): number => Date.parse(`${isoDate}T00:00:00Z`);

export function dailyOf({ firstDay, lastDay, lastActual }: DaysSpan, stored: StoredDays): DailySeries {
  const first = msOf(firstDay);
  const count = Math.round((msOf(lastDay) - first) / MS_PER_DAY) + 1;
  const filled = (values: readonly (number | null)[]) =>
    Array.from({ length: count }, (_, index) => values[index] ?? Number.NaN);
  return {
    isoDates: Array.from({ length: count }, (_, index) =>
      new Date(first + index * MS_PER_DAY).toISOString().slice(0, 10),
    ),
    predicted: filled(stored.predicted),
    lower: filled(stored.lower),
    upper: filled(stored.upper),
    actual: filled(stored.actual),
    lastYear: filled(stored.lastYear),
    lastActual,
  };
}

/** The eight weeks up to the last actual, and the four that follow. */
export function recentDays(days: DailySeries): DailySeries {
  const last = days.isoDates.indexOf(days.lastActual);
  return sliced(days, Math.max(0, last - RECENT_DAYS + 1), last + COMING_DAYS + 1);
}

export const daysFrom = (days: DailySeries, isoDate: string): DailySeries =>
  sliced(days, Math.max(0, days.isoDates.indexOf(isoDate)), days.isoDates.length);

const sliced = (days: DailySeries, start: number, end: number): DailySeries => ({
  isoDates: days.isoDates.slice(start, end),
  predicted: days.predicted.slice(start, end),
  lower: days.lower.slice(start, end),
  upper: days.upper.slice(start, end),
  actual: days.actual.slice(start, end),
  lastYear: days.lastYear.slice(start, end),
  lastActual: days.lastActual,
});
