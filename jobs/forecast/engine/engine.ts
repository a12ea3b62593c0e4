// The seam between the job and whatever predicts: an engine gets a panel and gives a number for every day.
import type { Day, Openings, Panel } from '../series/panel.ts';

export interface Progress {
  /** Called during the work: `done` of `total` steps, and what is being done. */
  (done: number, total: number, what: string): void;
}

export interface ForecastRequest {
  readonly panel: Panel;
  /** The first day to predict. */
  readonly from: Day;
  /** The last day to predict: the last actual plus the horizon. */
  readonly to: Day;
  readonly progress: Progress;
  /**
   * Other openings of the days after the last actual: the last origin is also forecast with them, by the training
   * that stands. What differs from the walk then comes from the openings alone.
   */
  readonly instead?: Openings;
}

export interface Forecast {
  /**
   * One forecast for each ISO week from `from` on, made on the Sunday before it from what was known by then, and
   * last the one made on the evening of the last actual, which reaches `to`. In order of `asOf`.
   */
  readonly walk: readonly Origin[];
  /** The last origin of the walk with the other openings, where the request has them. */
  readonly instead?: Origin;
  /** The engine's description of itself, for `metrics.json`: its name, its settings, its measures. */
  readonly metrics: Record<string, unknown>;
}

/** One forecast of the walk, made on the evening of `asOf` for the days that followed it. */
export interface Origin {
  readonly asOf: Day;
  /** How many days from `asOf + 1` on; the same for every origin of a forecast. */
  readonly days: number;
  /**
   * One row per site, one column per day, row-major; whole numbers, at least 0; 0 on days on which the site is
   * closed. Nothing after `asOf` was used but known openings.
   */
  readonly predictions: Int32Array;
}

export interface Engine {
  readonly name: string;
  forecast(request: ForecastRequest): Promise<Forecast>;
}
