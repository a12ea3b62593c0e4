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
   * least 0; 0 on days on which the site is closed. Every value for day D uses only what was known
   * before D's week began.
   */
  readonly predictions: Int32Array;
  /** What the engine says of itself, for `metrics.json`: its name, its settings, its measures. */
  readonly metrics: Record<string, unknown>;
}

export interface Engine {
  readonly name: string;
  forecast(request: ForecastRequest): Promise<Forecast>;
}
