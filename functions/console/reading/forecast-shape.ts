// The forecast of one publication as the screens read it, whatever it was read from.
import type { ForecastIndex, StoredSeries } from '../../../models/forecast/published.ts';
import type { ForecastSpec } from '../../../shared/pipelines/forecast.ts';
import { isWatch, type Pipeline, type WatchPipeline } from '../../../shared/pipelines/pipeline.ts';

export type ForecastPipeline = WatchPipeline & { readonly forecast: ForecastSpec };

export const hasForecast = (pipeline: Pipeline): pipeline is ForecastPipeline =>
  isWatch(pipeline) && pipeline.forecast !== undefined;

/** One publication's forecast, or why it cannot be shown. */
export type Forecast = ReadForecast | NoForecast;

export interface NoForecast {
  /** `too-large`: it is older than the files for people, and its tables are more than a page may read. */
  readonly kind: 'expired' | 'too-large';
  readonly object: string;
}

export interface ReadForecast {
  /** `tables`: it is older than the files for people, and its tables hold less. */
  readonly kind: 'files' | 'tables';
  readonly index: ForecastIndex;
  /** Where the numbers were read. */
  readonly object: string;
  /** The object with the days of a series. */
  readonly objectOf: (chosen: Chosen) => string;
  /** By the place in the index's list; undefined where a cluster has no days of its own. */
  readonly site: (at: number) => Promise<StoredSeries | undefined>;
  readonly cluster: (at: number) => Promise<StoredSeries | undefined>;
}

export interface Chosen {
  readonly kind: 'all' | 'site' | 'cluster';
  readonly at: number;
}
