// The forecasts that anybody could make without a model; one that does not beat them is worth nothing.
import type { Origin } from '../engine/engine.ts';
import { historyOf } from '../engine/history.ts';
import { originFrom } from '../engine/origins.ts';
import type { OpeningCalendar } from '../openings/openings.ts';
import type { Day, Panel } from '../series/panel.ts';

/** They look so many weeks back for open days. */
const WEEKS_BACK = 4;

/** Builds naive forecasts from the points of knowledge given; both know the openings, as the model does. */
export interface NaiveForecaster {
  /** The last known open day of that weekday, at most four weeks back. */
  naiveLastWeek(asOf: Day, days: number): Origin;
  /** The mean of the open ones among the last four known days of that weekday. */
  naiveMeanOfFour(asOf: Day, days: number): Origin;
}

/** `calendar` must reach as far as the days asked for. */
export function naiveForecaster(panel: Panel, calendar: OpeningCalendar): NaiveForecaster {
  const history = historyOf(panel);
  const from = (asOf: Day, days: number, count: number) =>
    originFrom(
      panel,
      calendar,
      asOf,
      days,
      (site, day) => history.weekdayMean(site, day, asOf, count, WEEKS_BACK) ?? 0,
    );
  return {
    naiveLastWeek: (asOf, days) => from(asOf, days, 1),
    naiveMeanOfFour: (asOf, days) => from(asOf, days, WEEKS_BACK),
  };
}
