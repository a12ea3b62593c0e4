// What the report says, in every language.
import type { Language } from '../../../../shared/page/languages.ts';
import type { Format } from './format.ts';

/** A number of the report: what it is called, and how it is computed. */
export interface Named {
  readonly name: string;
  readonly means: string;
}

export const INDICATOR_NAMES = [
  'mean_temperature_c',
  'max_temperature_c',
  'percentile_95',
  'percentile_99',
  'intensity',
  'days_above_threshold',
  'duration',
  'extent_km2',
  'urban_heat_island_intensity_c',
  'urban_heat_island_day_c',
  'urban_heat_island_night_c',
  'affected_population_estimate',
] as const;
export type IndicatorName = (typeof INDICATOR_NAMES)[number];

export const SCORE_NAMES = ['rmse', 'mae', 'bias', 'r2', 'correlation'] as const;
export type ScoreName = (typeof SCORE_NAMES)[number];

export interface Grounds {
  readonly start: string;
  readonly end: string;
  readonly hours: number;
  readonly columns: number;
  readonly rows: number;
  readonly resolution: number;
  readonly crs: string;
}

export interface Messages {
  readonly language: Language;
  readonly format: Format;
  readonly page: {
    title(city: string, start: string, end: string): string;
    intro(grounds: Grounds): string;
    readonly indicators: string;
    readonly period: string;
    readonly course: string;
    readonly above: string;
    readonly ground: string;
    readonly quality: string;
    readonly stations: string;
    readonly methods: string;
    readonly files: string;
    readonly filesIntro: string;
    readonly data: string;
    readonly made: (frozenAt: string) => string;
    readonly notes: string;
    readonly noNotes: string;
    readonly otherLanguage: string;
    /** A reason, in place of a number. */
    because(reason: string): string;
    /** Between a thing and what there is to say of it. */
    readonly colon: string;
    /** Between a definition and the reason why there is no number. */
    readonly between: string;
  };
  readonly tiles: {
    readonly mean: string;
    meanBeside(most: string): string;
    readonly days: string;
    daysBeside(threshold: string, run: string): string;
    readonly extent: string;
    readonly extentBeside: string;
    readonly island: string;
    islandBeside(night: string): string;
    readonly error: string;
    errorBeside(baseline: string, rmse: string): string;
  };
  readonly maps: {
    readonly mean: string;
    readonly meanCaption: string;
    readonly frames: string;
    framesCaption(count: number, shrink: number): string;
    frame(time: string, mean: string): string;
    readonly choose: string;
    readonly play: string;
    readonly stop: string;
    readonly days: string;
    daysCaption(threshold: string): string;
    readonly intensity: string;
    intensityCaption(threshold: string): string;
    readonly error: string;
    readonly errorCaption: string;
    readonly ndvi: string;
    readonly ndviCaption: string;
    readonly ndbi: string;
    readonly ndbiCaption: string;
    readonly noValue: string;
  };
  readonly charts: {
    readonly hourly: string;
    readonly hourlyCaption: string;
    readonly mean: string;
    readonly coldest: string;
    readonly warmest: string;
    readonly meanDay: string;
    readonly meanDayCaption: string;
    readonly histogram: string;
    readonly histogramCaption: string;
    readonly errorByHour: string;
    readonly errorByHourCaption: string;
    readonly hourOfDay: string;
    readonly temperature: string;
    readonly share: string;
    readonly prediction: string;
    readonly baseline: string;
    /** Of the document, whose charts have no legend. */
    readonly colours: string;
  };
  readonly table: Readonly<
    Record<
      | ('indicator' | 'value' | 'definition' | 'score' | 'prediction' | 'baseline' | 'station')
      | (
          | 'pairs'
          | 'raw'
          | 'corrected'
          | 'bias'
          | 'method'
          | 'allStations'
          | 'improvement'
          | 'input'
          | 'weight'
          | 'improvementMeans'
        ),
      string
    >
  >;
  readonly indicators: Readonly<Record<IndicatorName, Named>>;
  readonly scores: Readonly<Record<ScoreName, Named>>;
  /** Names of methods, by those of the documents. */
  readonly methods: Readonly<Record<string, string>>;
  days(count: number | null): string;
  readonly files: Readonly<
    Record<'tif' | 'png' | 'zarr' | 'indicators' | 'metrics' | 'metadata' | 'pdf', string>
  >;
  readonly definitions: readonly string[];
  sheetOf(page: number, pages: number): string;
}
