// The seasonal baseline: the site's usual level on that weekday, moved as last year moved.
import { openingCalendar, type OpeningCalendar } from '../openings/openings.ts';
import type { Day } from '../series/panel.ts';
import type { Engine, Forecast, ForecastRequest } from './engine.ts';
import { historyOf, type History } from './history.ts';
import { measure } from './measures.ts';
import { weeksBetween, type Week } from './weeks.ts';

const WEEK = 7;
/** The same weekday a year ago. */
const YEAR = 364;
const SETTINGS = {
  /** How many open days of the same weekday make the level, and how far back they may lie. */
  levelDays: 4,
  levelWeeks: 12,
  /** The season is last year's mean around the day, over its mean around the level's days. */
  seasonWindowDays: 7,
  seasonLeastDays: 4,
  seasonSmallest: 0.5,
  seasonLargest: 2,
} as const;

type Predict = (site: number, day: Day, asOf: Day) => number;

export const seasonalEngine = (country: string): Engine => ({
  name: 'seasonal-baseline',
  forecast: async (request) => forecast(request, country),
});

function forecast(request: ForecastRequest, country: string): Forecast {
  const { panel, from, to, progress } = request;
  const calendar = openingCalendar(panel, country, to);
  const history = historyOf(panel);
  const weeks = weeksBetween(from, to, panel.lastDay);
  const seasonal: Predict = (site, day, asOf) =>
    level(history, site, day, asOf) * season(history, site, day, asOf);
  const predictions = walk(request, weeks, calendar, seasonal, (done) =>
    progress(done, weeks.length, 'week'),
  );
  const past = weeks.filter((week) => week.from <= panel.lastDay);
  const naive = (predict: Predict) =>
    measure(
      request,
      walk(request, past, calendar, predict, () => undefined),
    );
  return {
    predictions,
    metrics: {
      engine: 'seasonal-baseline',
      settings: { country, ...SETTINGS },
      walkForward: {
        model: measure(request, predictions),
        naiveLastWeek: naive((site, day, asOf) => history.weekdayMean(site, day, asOf, 1, 1) ?? 0),
        naiveMeanOfFour: naive((site, day, asOf) => history.weekdayMean(site, day, asOf, 4, 4) ?? 0),
      },
    },
  };
}

/** Predicts every week as of its own day; closed days stay 0, for the model and the naive alike. */
function walk(
  request: ForecastRequest,
  weeks: readonly Week[],
  calendar: OpeningCalendar,
  predict: Predict,
  onWeek: (done: number) => void,
): Int32Array {
  const { panel, from, to } = request;
  const width = to - from + 1;
  const predictions = new Int32Array(panel.sites.length * width);
  weeks.forEach((week, index) => {
    for (let site = 0; site < panel.sites.length; site += 1) {
      for (let day = week.from; day <= week.to; day += 1) {
        if (!calendar.isOpen(site, day, week.asOf)) continue;
        predictions[site * width + (day - from)] = Math.max(0, Math.round(predict(site, day, week.asOf)));
      }
    }
    onWeek(index + 1);
  });
  return predictions;
}

/** The mean of the last open days of that weekday; failing those, of the last open days of any. */
const level = (history: History, site: number, day: Day, asOf: Day): number =>
  history.weekdayMean(site, day, asOf, SETTINGS.levelDays, SETTINGS.levelWeeks) ??
  history.openMean(site, asOf - 8 * WEEK, asOf, 1) ??
  history.openMean(site, Number.NEGATIVE_INFINITY, asOf, 1) ??
  0;

/** How much busier the same time of last year was than the time of last year that the level is from. */
function season(history: History, site: number, day: Day, asOf: Day): number {
  const half = Math.floor(SETTINGS.seasonWindowDays / 2);
  const least = SETTINGS.seasonLeastDays;
  const then = asOf - YEAR;
  const target = day - YEAR;
  const around = history.openMean(site, target - half, target + half, least);
  const before = history.openMean(site, then - SETTINGS.levelDays * WEEK + 1, then, least);
  if (around === undefined || before === undefined) return 1;
  return Math.min(SETTINGS.seasonLargest, Math.max(SETTINGS.seasonSmallest, around / before));
}
