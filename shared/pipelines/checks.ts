// The checks that an output must pass before its rows may replace the published ones.

/** `Columns` are the names of the columns that the check uses. */
export type Check<Columns extends string = string> =
  | { readonly kind: 'row-count-within'; readonly low: number; readonly high: number; readonly date: Columns }
  | { readonly kind: 'no-gap-in-dates'; readonly date: Columns; readonly per: readonly Columns[] }
  | { readonly kind: 'dates-start-in-january'; readonly date: Columns }
  | {
      readonly kind: 'forecast-not-worse-than';
      readonly days: string;
      readonly by: number;
      readonly leastDays: number;
    };

/**
 * The number of rows is between `low` and `high` times that of the last publication, counted over the dates that the two
 * share, so that a table that starts again every January does not count as half lost.
 * Passes when nothing has been published yet.
 */
export function rowCountWithin<const Columns extends string>(
  low: number,
  high: number,
  by: { readonly date: Columns },
): Check<Columns> {
  if (!(low > 0 && low <= 1 && high >= 1)) {
    throw new RangeError(`rowCountWithin(${low}, ${high}): expected 0 < low <= 1 <= high`);
  }
  return { kind: 'row-count-within', low, high, date: by.date };
}

/** For each value of `per`, no date between the first and the last is missing. */
export const noGapInDates = <const Columns extends string>(
  date: Columns,
  per: readonly Columns[],
): Check<Columns> => ({ kind: 'no-gap-in-dates', date, per });

/** The first date is a 1 January. */
export const datesStartInJanuary = <const Columns extends string>(date: Columns): Check<Columns> => ({
  kind: 'dates-start-in-january',
  date,
});

/**
 * The job's own error (WAPE) is at most `1 + by` times that of the last publication, both measured on the days
 * that both list. `days` names the list in the manifest's summary: `[date, absolute errors, actuals]` for each
 * day, of forecasts made without it. A run that fails is held, not quarantined: its rows are valid, and an operator
 * may release it. Passes when the two share fewer than `leastDays` days.
 */
export function forecastNotWorseThan(gate: {
  readonly days: string;
  readonly by: number;
  readonly leastDays: number;
}): Check<never> {
  if (!(gate.by >= 0)) throw new RangeError(`forecastNotWorseThan by ${gate.by}: expected 0 or more`);
  if (!(gate.leastDays >= 1)) {
    throw new RangeError(`forecastNotWorseThan over ${gate.leastDays} days: expected 1 or more`);
  }
  return { kind: 'forecast-not-worse-than', ...gate };
}
