// The forecasts that anybody could make without a model; one that does not beat them is worth nothing.
import type { Origin } from '../engine/engine.ts';
import { historyOf, type History } from '../engine/history.ts';
import type { OpeningCalendar } from '../openings/openings.ts';
import type { Day, Panel } from '../series/panel.ts';

/** They look so many weeks back for open days. */
const WEEKS_BACK = 4;

export type NaiveName = 'naiveLastWeek' | 'naiveMeanOfFour';

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
    forecastFrom(panel, calendar, history, asOf, days, count);
  return {
    naiveLastWeek: (asOf, days) => from(asOf, days, 1),
    naiveMeanOfFour: (asOf, days) => from(asOf, days, WEEKS_BACK),
  };
}

function forecastFrom(
  panel: Panel,
  calendar: OpeningCalendar,
  history: History,
  asOf: Day,
  days: number,
  count: number,
): Origin {
  const predictions = new Int32Array(panel.sites.length * days);
  for (let site = 0; site < panel.sites.length; site += 1) {
    for (let index = 0; index < days; index += 1) {
      const day = asOf + 1 + index;
      if (!calendar.isOpen(site, day, asOf)) continue;
      const visits = history.weekdayMean(site, day, asOf, count, WEEKS_BACK) ?? 0;
      predictions[site * days + index] = Math.round(visits);
    }
  }
  return { asOf, days, predictions };
}
