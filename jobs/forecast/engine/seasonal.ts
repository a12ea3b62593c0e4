// The seasonal baseline: the site's usual level on that weekday, moved as last year moved.
import { openingCalendar, type OpeningCalendar } from '../openings/openings.ts';
import type { Day, Panel } from '../series/panel.ts';
import type { Engine, Forecast, ForecastRequest, Origin } from './engine.ts';
import { historyOf, type History } from './history.ts';
import { originFrom } from './origins.ts';
import { weeksBetween } from './weeks.ts';

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

export const seasonalEngine = (country: string): Engine => ({
  name: 'seasonal-baseline',
  forecast: async (request) => forecast(request, country),
});

function forecast(request: ForecastRequest, country: string): Forecast {
  const { panel, from, to, progress } = request;
  // A short horizon must still reach the end of the week that `predictions` takes from an origin.
  const days = Math.max(WEEK, to - panel.lastDay);
  const calendar = openingCalendar(panel, country, to + WEEK);
  const history = historyOf(panel);
  const weeks = weeksBetween(from, to, panel.lastDay);
  const walk = weeks.map(({ asOf }, index) => {
    const step = forecastFrom(panel, calendar, history, asOf, days);
    progress(index + 1, weeks.length, 'week');
    return step;
  });
  return {
    walk,
    ...(request.instead === undefined
      ? {}
      : { instead: forecastInstead({ ...panel, openings: request.instead }, country, history, days) }),
    metrics: { settings: { country, ...SETTINGS } },
  };
}

const forecastInstead = (panel: Panel, country: string, history: History, days: number): Origin =>
  forecastFrom(panel, openingCalendar(panel, country, panel.lastDay + days), history, panel.lastDay, days);

/** Every day that follows `asOf`. */
const forecastFrom = (
  panel: Panel,
  calendar: OpeningCalendar,
  history: History,
  asOf: Day,
  days: number,
): Origin =>
  originFrom(
    panel,
    calendar,
    asOf,
    days,
    (site, day) => level(history, site, day, asOf) * season(history, site, day, asOf),
  );

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
  const around = history.openMean(site, target - half, Math.min(target + half, asOf), least);
  const before = history.openMean(site, then - SETTINGS.levelDays * WEEK + 1, then, least);
  if (around === undefined || before === undefined) return 1;
  return Math.min(SETTINGS.seasonLargest, Math.max(SETTINGS.seasonSmallest, around / before));
}
