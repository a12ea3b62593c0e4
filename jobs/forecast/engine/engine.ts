// The seam between the job and whatever predicts: an engine gets a panel and gives a number for every day.
import type { Day, Panel } from '../series/panel.ts';

export interface Progress {
  /** Called as work goes on: `done` of `total` steps, and what is being done. */
  (done: number, total: number, what: string): void;
}

export interface ForecastRequest {
  readonly panel: Panel;
  /** The first day to predict: 1 January of the year of the last actual. */
  readonly from: Day;
  /** The last day to predict: the last actual plus the horizon. */
  readonly to: Day;
  readonly progress: Progress;
}

export interface Forecast {
  /**
   * One row per site, one column per day from `from` to `to` inclusive, row-major; whole numbers, at
   * least 0; 0 on days on which the site is closed. A day with an actual uses only what was known before its
   * ISO week began; a day past the last actual uses every actual.
   */
  readonly predictions: Int32Array;
  /** What was forecast from each earlier point of the walk, to be held against what came. In order of `asOf`. */
  readonly origins: readonly Origin[];
  /** What the engine says of itself, for `metrics.json`: its name, its settings, its measures. */
  readonly metrics: Record<string, unknown>;
}

/**
 * One forecast made in the walk: on the evening of `asOf`, for the days that followed it. For each ISO week
 * of the current year `asOf` is the Sunday before, and the first seven days are what `predictions` holds.
 */
export interface Origin {
  readonly asOf: Day;
  /** How many days from `asOf + 1` on; the same for every origin of a forecast. */
  readonly days: number;
  /** One row per site, one column per day, row-major, like `predictions`. Nothing after `asOf` was used but known openings. */
  readonly predictions: Int32Array;
}

export interface Engine {
  readonly name: string;
  forecast(request: ForecastRequest): Promise<Forecast>;
}
