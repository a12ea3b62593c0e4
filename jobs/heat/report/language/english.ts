// All the report's texts in English; their type is what another language has to say.
import type { Language } from '../../../../shared/page/languages.ts';
import { formatOf, type Format } from './format.ts';

const format = formatOf('en-GB');
const { whole, day } = format;

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

export const english: Messages = {
  language: 'en',
  format,
  page: {
    title: (city, start, end) => `Heat in ${city}, ${day(start)} to ${day(end)}`,
    intro: ({ start, end, hours, columns, rows, resolution, crs }) =>
      `Air temperature 2 m above ground from ${day(start)} to ${day(end)}: ${whole(hours)} hours of ${whole(columns)} × ${whole(rows)} cells of ${whole(resolution)} m (${crs}). All times are in UTC.`,
    indicators: 'The heat in numbers',
    period: 'The period in maps',
    course: 'Hours and days',
    above: 'Where it was hot',
    ground: 'The ground',
    quality: 'How good these temperatures are',
    stations: 'Against weather stations',
    methods: 'Methods that were compared',
    files: 'Files',
    filesIntro: 'They lie beside this page.',
    data: 'Definitions and limits',
    made: (frozenAt) => `Made from the data as they were on ${day(frozenAt)}.`,
    notes: 'Notes on the data',
    noNotes: 'Nothing odd was found in the data.',
    otherLanguage: 'En français',
    because: (reason) => `not known: ${reason}`,
    colon: ': ',
    between: '; ',
  },
  tiles: {
    mean: 'Mean temperature',
    meanBeside: (most) => `at most ${most}`,
    days: 'Hot days',
    daysBeside: (threshold, run) => `over ${threshold}; ${run} in a row`,
    extent: 'Hot area',
    extentBeside: 'on the day with the largest one',
    island: 'Built ground over green',
    islandBeside: (night) => `${night} at night`,
    error: 'Error of a cell and hour',
    errorBeside: (baseline, rmse) => `RMSE; ${baseline} ${rmse}`,
  },
  maps: {
    mean: 'Mean temperature of the period',
    meanCaption: 'the mean of all hours in each cell; north is up.',
    frames: 'Hour by hour',
    framesCaption: (count, shrink) =>
      `${whole(count)} hours of the period, all in the same colours${shrink > 1 ? `; a point is the mean of ${shrink} × ${shrink} cells` : ''}.`,
    frame: (time, mean) => `${time}; mean ${mean}`,
    choose: 'Hour that the map shows',
    play: 'Play',
    stop: 'Stop',
    days: 'Hot days in each cell',
    daysCaption: (threshold) => `days on which the cell was over ${threshold} at some hour.`,
    intensity: 'How far above the threshold',
    intensityCaption: (threshold) =>
      `mean of the cell's hours over ${threshold}, above it; 0 where there is none.`,
    error: 'Error in each cell',
    errorCaption: 'RMSE of the prediction on hours that no method had seen.',
    ndvi: 'Vegetation index (NDVI)',
    ndviCaption: 'from Sentinel-2: near 1 dense plants, near 0 bare or built ground, below 0 water.',
    ndbi: 'Built-up index (NDBI)',
    ndbiCaption: 'from Sentinel-2: above 0 mostly built or bare ground.',
    noValue: 'no value',
  },
  charts: {
    hourly: 'The city hour by hour',
    hourlyCaption: 'the mean of all cells, weighted by their area, between the coldest and the warmest cell.',
    mean: 'mean of the city',
    coldest: 'coldest cell',
    warmest: 'warmest cell',
    meanDay: 'The mean day',
    meanDayCaption: 'the mean of each hour of the day over the period; hours in UTC.',
    histogram: 'How often each temperature was met',
    histogramCaption: 'share of all cells and hours; red bars lie above the threshold.',
    errorByHour: 'Error by hour of the day',
    errorByHourCaption: 'RMSE on hours that no method had seen; hours in UTC.',
    hourOfDay: 'hour of the day (UTC)',
    temperature: '°C',
    share: 'share',
    prediction: 'prediction',
    baseline: 'baseline',
    colours: 'Blue: prediction; grey: baseline.',
  },
  table: {
    ...{ indicator: 'indicator', value: 'value', definition: 'how it is computed', score: 'measure' },
    ...{ prediction: 'prediction', baseline: 'baseline', station: 'station', pairs: 'pairs', raw: 'RMSE' },
    ...{ corrected: 'RMSE, corrected by the others', bias: 'bias', method: 'method' },
    ...{ allStations: 'all stations', improvement: 'Less error than the baseline' },
    improvementMeans: '1 − RMSE of the prediction / RMSE of the baseline',
    ...{ input: 'RMSE of the input', weight: 'share of the mix' },
  },
  indicators: {
    mean_temperature_c: { name: 'Mean temperature', means: 'of all cells and hours, weighted by area' },
    max_temperature_c: { name: 'Highest temperature', means: 'of any cell and hour' },
    percentile_95: { name: '95th percentile', means: '95 % of all cells and hours are below it' },
    percentile_99: { name: '99th percentile', means: '99 % of all cells and hours are below it' },
    intensity: {
      name: 'Intensity',
      means: 'mean of T − threshold over all cells and hours above the threshold, weighted by area',
    },
    days_above_threshold: {
      name: 'Hot days',
      means: 'days on which one cell at least is above the threshold at some hour',
    },
    duration: { name: 'Duration', means: 'the longest row of hot days' },
    extent_km2: {
      name: 'Extent',
      means: 'largest area, over the days, of the cells above the threshold; true area on the ellipsoid',
    },
    urban_heat_island_intensity_c: {
      name: 'Urban heat island',
      means: 'mean of the built cells less that of the vegetated ones, over all hours',
    },
    urban_heat_island_day_c: {
      name: 'Urban heat island by day',
      means: 'the same from 10 to 16 h of the sun',
    },
    urban_heat_island_night_c: {
      name: 'Urban heat island at night',
      means: 'the same from 22 to 4 h of the sun',
    },
    affected_population_estimate: {
      name: 'People affected',
      means: 'inhabitants of the cells above the threshold',
    },
  },
  scores: {
    rmse: { name: 'RMSE', means: 'root of the mean squared error' },
    mae: { name: 'MAE', means: 'mean absolute error' },
    bias: { name: 'Bias', means: 'mean of prediction − truth' },
    r2: { name: 'R²', means: '1 is perfect; below 0, the mean of the truth would be better' },
    correlation: { name: 'Correlation', means: 'Pearson’s' },
  },
  methods: {},
  days: (count) => (count === null ? '–' : `${whole(count)} ${count === 1 ? 'day' : 'days'}`),
  files: {
    tif: 'map as cloud-optimized GeoTIFF',
    png: 'map as a picture',
    zarr: 'all hours, as a Zarr store of version 2',
    indicators: 'the heat in numbers, with reasons where there is none',
    metrics: 'errors by hour, at stations and in all',
    metadata: 'layers, their place and range, and what is missing',
    pdf: 'this report as PDF',
  },
  definitions: [
    'The threshold of heat is that of the city’s configuration. A hot hour of a cell is one above it.',
    'Built cells have at least half of their area built; vegetated ones at most a tenth, and half of it green or a vegetation index of 0.5. Cells with a tenth of water are left out.',
    'Errors are measured on days that no method had learned from, with a gap between them.',
    'A number that cannot be computed is not shown, and its reason stands instead. Nothing is estimated in its place.',
  ],
  sheetOf: (page, pages) => `${page} of ${pages}`,
};
