// The XGBoost engine: walks forward week by week, learns what is not kept yet, and lays the forecasts together.
import type { Engine, Forecast, ForecastRequest } from '../engine/engine.ts';
import { weeksBetween, type Week } from '../engine/weeks.ts';
import type { WeekStore } from '../learning/week-store.ts';
import { openingCalendar } from '../openings/openings.ts';
import { knownAsOf, openingsAhead } from './known.ts';
import type { Known } from './past.ts';
import { isoDateOf } from '../series/panel.ts';
import { openXgboost, type XgboostLibrary } from '../../../shared/xgboost/library.ts';
import { forecastInstead } from './instead.ts';
import { SETTINGS, type Settings } from './settings.ts';
import { weekKey } from './week-key.ts';
import { learnWeeks } from './week-pool.ts';
import { decodeWeek, type WeekResult } from './week-result.ts';

export interface XgboostOptions {
  /** The path of libxgboost; found by the system's loader when undefined. */
  readonly library?: string | undefined;
  readonly store: WeekStore;
  /** Weeks learnt side by side. More make it quicker, and change no byte. */
  readonly threads: number;
  /** ISO 3166-1 code of the country whose public holidays count past the census. */
  readonly country: string;
  readonly settings?: Settings;
}

const WEEK = 7;

/** Throws `XgboostMissing` at once when the library is not there, before any work is done. */
export function xgboostEngine(options: XgboostOptions): Engine {
  const library = openXgboost(options.library);
  return { name: 'xgboost', forecast: (request) => forecast(request, options, library) };
}

/** One model: all know their evening, and forecast as many days. */
interface Step extends Week {
  readonly known: Known;
  readonly key: string;
}

async function forecast(
  request: ForecastRequest,
  options: XgboostOptions,
  library: XgboostLibrary,
): Promise<Forecast> {
  const { panel, to } = request;
  const { settings = SETTINGS, store } = options;
  const libraryVersion = library.version;
  // A short horizon must still reach the end of the week that `predictions` takes from each step.
  const days = Math.max(WEEK, to - panel.lastDay);
  const shared = { ...panel, visits: inSharedMemory(panel.visits) };
  const steps = stepsOf({ ...request, panel: shared }, options, days, settings, libraryVersion);
  const length = panel.sites.length * days;
  const results = await keptWeeks(steps, store, length);
  const kept = results.filter((result) => result !== undefined).length;

  let done = kept;
  request.progress(done, steps.length, 'week');
  const tasks = steps.flatMap(({ known }, index) => (results[index] === undefined ? [{ index, known }] : []));
  const setup = { library: options.library, settings, days };
  await learnWeeks(setup, tasks, options.threads, async ({ index, bytes }) => {
    const week = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    await store.put(steps[index]!.key, week);
    results[index] = decodeWeek(week, length);
    done += 1;
    request.progress(done, steps.length, 'week');
  });
  const walked = walkOf(options, steps, results as WeekResult[], days, libraryVersion);
  const newest = results.at(-1);
  if (request.instead === undefined || newest === undefined) return walked;
  const other = { ...shared, openings: request.instead };
  return {
    ...walked,
    instead: forecastInstead({ library, settings, country: options.country }, other, newest, days),
  };
}

function stepsOf(
  request: ForecastRequest,
  options: XgboostOptions,
  days: number,
  settings: Settings,
  libraryVersion: string,
): readonly Step[] {
  const { panel, from, to } = request;
  const calendar = openingCalendar(panel, options.country, panel.lastDay + openingsAhead(days));
  return weeksBetween(from, to, panel.lastDay)
    .filter(({ asOf }) => asOf >= panel.firstDay)
    .map((week) => {
      const known = knownAsOf(panel, calendar, week.asOf, days);
      const key = weekKey({ known, sites: panel.sites, days, settings, libraryVersion });
      return { ...week, known, key };
    });
}

const keptWeeks = (
  steps: readonly Step[],
  store: WeekStore,
  length: number,
): Promise<(WeekResult | undefined)[]> =>
  Promise.all(
    steps.map(async ({ key }) => {
      const bytes = await store.get(key);
      return bytes === undefined ? undefined : decodeWeek(bytes, length);
    }),
  );

function inSharedMemory(values: Float64Array): Float64Array {
  const shared = new Float64Array(new SharedArrayBuffer(values.byteLength));
  shared.set(values);
  return shared;
}

function walkOf(
  options: XgboostOptions,
  steps: readonly Step[],
  results: readonly WeekResult[],
  days: number,
  libraryVersion: string,
): Forecast {
  const walk = steps.map(({ asOf }, index) => ({ asOf, days, predictions: results[index]!.predictions }));
  return {
    walk,
    metrics: {
      settings: { country: options.country, library: libraryVersion, ...(options.settings ?? SETTINGS) },
      weeks: steps.map(({ asOf, key }, index) => {
        const { trainedRows, cycleWeeks } = results[index]!;
        return { asOf: isoDateOf(asOf), key, trainedRows, cycleWeeks };
      }),
    },
  };
}
