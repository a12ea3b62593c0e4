// What the forecast works on: every site's visits on every day, in one dense block.

/** One site of the company: its code in the flux files, its name and its cluster in the table. */
export interface Site {
  readonly code: string;
  readonly mall: string;
  readonly cluster: string;
}

/** Days are whole numbers: days since 1970-01-01, as the calendar names them (no time zone, no clock change). */
export type Day = number;

export interface Panel {
  /** In order of code, so that the same input gives the same rows. */
  readonly sites: readonly Site[];
  /** The first day with a value in any file. */
  readonly firstDay: Day;
  /** The last day with a value in any file ("the last actual"). */
  readonly lastDay: Day;
  /**
   * Visitors, one row per site and one column per day from `firstDay` to `lastDay` inclusive, row-major:
   * `visits[site * dayCount + (day - firstDay)]`. NaN where the site did not report. A closed day is 0.
   */
  readonly visits: Float64Array;
  /** Indexes into `visits` of outliers: NaN there, and the site was open. */
  readonly outliers?: ReadonlySet<number>;
  readonly openings: Openings;
}

/** The census of days that break a site's usual week. */
export interface Openings {
  /** The last day that the census speaks of, or undefined when it is empty. */
  readonly lastDay: Day | undefined;
  /** true: exceptionally open; false: exceptionally closed; undefined: the day follows the usual week. */
  exception(siteIndex: number, day: Day): boolean | undefined;
}

export const dayCount = (panel: Panel): number => panel.lastDay - panel.firstDay + 1;

const MS_PER_DAY = 86_400_000;

/** `2015-06-19` to a day number. */
export const dayOf = (isoDate: string): Day => Date.parse(`${isoDate}T00:00:00Z`) / MS_PER_DAY;

/** A day number to `2015-06-19`. */
export const isoDateOf = (day: Day): string => new Date(day * MS_PER_DAY).toISOString().slice(0, 10);

/** 0 is Monday, 6 is Sunday. */
export const weekdayOf = (day: Day): number => (((day + 3) % 7) + 7) % 7;

/** NaN outside the panel, and where the site did not report. */
export function visitsOn(panel: Panel, site: number, day: Day): number {
  if (day < panel.firstDay || day > panel.lastDay) return Number.NaN;
  return panel.visits[site * dayCount(panel) + (day - panel.firstDay)] ?? Number.NaN;
}

/** Whether the site was open on a day whose count is an outlier. */
export const wasOutlier = (panel: Panel, site: number, day: Day): boolean =>
  panel.outliers?.has(site * dayCount(panel) + (day - panel.firstDay)) ?? false;
