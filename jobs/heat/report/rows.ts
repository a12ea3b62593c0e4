// The rows of a report's tables, as texts of its language: for the page and for the document alike.
import type { Coded } from '../../../models/heat/documents.ts';
import { textIn } from '../texts/coded.ts';
import {
  INDICATOR_NAMES,
  SCORE_NAMES,
  type Grounds,
  type IndicatorName,
  type Messages,
} from './language/texts.ts';
import type { Reported } from './reported.ts';

export interface IndicatorRow {
  readonly name: string;
  readonly value: string;
  /** How it is computed; and why there is no number, where there is none. */
  readonly means: string;
}

export const groundsOf = ({ city, hours, grid }: Reported): Grounds => ({
  ...city.period,
  hours: hours.length,
  columns: grid.columns,
  rows: grid.rows,
  resolution: city.grid.resolution_m,
  crs: grid.crs,
});

const GROUND = ['ndvi', 'ndbi'] as const;

/** Which map of the ground there is not, and why. */
export const missingLayers = (m: Messages, missing: Reported['missing']): readonly string[] =>
  GROUND.flatMap((name) => {
    const reason = missing[name];
    return reason === undefined ? [] : [`${m.maps[name]}${m.page.colon}${because(m, reason)}`];
  });

const SHOWN: Readonly<Record<IndicatorName, (m: Messages, value: number | null) => string>> = {
  mean_temperature_c: ({ format }, value) => format.degrees(value),
  max_temperature_c: ({ format }, value) => format.degrees(value),
  percentile_95: ({ format }, value) => format.degrees(value),
  percentile_99: ({ format }, value) => format.degrees(value),
  intensity: ({ format }, value) => format.degrees(value, 2),
  days_above_threshold: (m, value) => m.days(value),
  duration: (m, value) => m.days(value),
  extent_km2: ({ format }, value) => format.area(value),
  urban_heat_island_intensity_c: ({ format }, value) => format.signedDegrees(value, 2),
  urban_heat_island_day_c: ({ format }, value) => format.signedDegrees(value, 2),
  urban_heat_island_night_c: ({ format }, value) => format.signedDegrees(value, 2),
  affected_population_estimate: ({ format }, value) => format.whole(value),
};

/** Null where the document has no such number. */
export const numberOf = (document: object, name: string): number | null => {
  const value: unknown = (document as Record<string, unknown>)[name];
  return typeof value === 'number' ? value : null;
};

export const indicatorRows = (m: Messages, { indicators }: Reported): readonly IndicatorRow[] =>
  INDICATOR_NAMES.map((name) => {
    const value = numberOf(indicators, name);
    const { name: shown, means } = m.indicators[name];
    const reason = value === null ? reasonOf(m, indicators.reasons, name) : '';
    return {
      name: shown,
      value: SHOWN[name](m, value),
      means: joined(m, means, reason),
    };
  });

const because = (m: Messages, reason: Coded | string): string => m.page.because(textIn(m.language, reason));

const reasonOf = (
  m: Messages,
  reasons: Readonly<Record<string, Coded | string>> = {},
  name: string,
): string => (reasons[name] === undefined ? '' : because(m, reasons[name]));

/** A definition, and the reason where there is one. */
const joined = ({ page }: Messages, means: string, reason: string): string =>
  [means, reason].filter((text) => text !== '').join(page.between);

export interface ScoreRow {
  readonly name: string;
  readonly prediction: string;
  readonly baseline: string;
  readonly means: string;
}

/** The measures of the prediction, with that of the baseline beside the one that it has. */
export function scoreRows(m: Messages, { metrics }: Reported): readonly ScoreRow[] {
  const { degrees, signedDegrees, decimal, percent } = m.format;
  const shown = (name: string, value: number | null): string => {
    if (name === 'bias') return signedDegrees(value, 3);
    return name === 'r2' || name === 'correlation' ? decimal(value, 3) : degrees(value, 3);
  };
  const rows = SCORE_NAMES.map((name) => {
    const value = numberOf(metrics, name);
    const { name: title, means } = m.scores[name];
    const reason = value === null ? reasonOf(m, metrics.reasons, name) : '';
    return {
      name: title,
      prediction: shown(name, value),
      baseline: name === 'rmse' ? degrees(metrics.baseline_rmse, 3) : '',
      means: joined(m, means, reason),
    };
  });
  const improvement = {
    name: m.table.improvement,
    prediction: percent(metrics.improvement_percent),
    baseline: '',
    means: joined(m, m.table.improvementMeans, reasonOf(m, metrics.reasons, 'improvement_percent')),
  };
  return [...rows, improvement];
}

export interface StationRow {
  readonly station: string;
  readonly pairs: string;
  readonly bias: string;
  readonly raw: string;
  readonly corrected: string;
  /** Of the weather as it came in. */
  readonly input: string;
}

/** No table is longer; the document in JSON holds every station. */
const MOST_STATIONS = 200;

export function stationRows({ format, table }: Messages, { apart }: Reported): readonly StationRow[] {
  const { stations } = apart;
  if (stations === null || stations === undefined || stations.by_station.length === 0) return [];
  const all = { station: table.allStations, ...stations };
  const { stations_input: before } = apart;
  const inputOf = new Map(before?.by_station.map(({ station, raw }) => [station, raw.rmse]));
  inputOf.set(table.allStations, before?.raw.rmse ?? null);
  return [...stations.by_station.slice(0, MOST_STATIONS), all].map(({ station, raw, corrected }) => ({
    station,
    pairs: format.whole(raw.count),
    bias: format.signedDegrees(raw.bias, 2),
    raw: format.degrees(raw.rmse, 2),
    corrected: format.degrees(corrected.rmse, 2),
    input: format.degrees(inputOf.get(station), 2),
  }));
}

export interface MethodRow {
  readonly name: string;
  readonly rmse: string;
  /** Its share of the mix that is used. */
  readonly weight: string;
  readonly isChosen: boolean;
}

/** As the language calls it. */
export const methodName = ({ methods }: Messages, name: string): string =>
  Object.hasOwn(methods, name) ? methods[name]! : name;

export const methodRows = (m: Messages, { experiment }: Reported): readonly MethodRow[] =>
  experiment.methods.map(({ name, rmse, weight }) => ({
    name: methodName(m, name),
    rmse: m.format.degrees(rmse, 3),
    weight: weight === undefined ? '' : m.format.percent(100 * weight, 0),
    isChosen: name === experiment.chosen,
  }));

/** Methods that were not tried, and why. */
export const leftOut = (m: Messages, { experiment }: Reported): readonly string[] =>
  experiment.left_out.map(
    ({ name, reason }) => `${methodName(m, name)}${m.page.colon}${textIn(m.language, reason)}`,
  );

/** Why nothing was measured; undefined where it was. */
export const withoutScores = (m: Messages, { experiment: { reason } }: Reported): string | undefined =>
  reason === null || reason === undefined ? undefined : capital(textIn(m.language, reason));

/** No list is longer; the document in JSON holds every note. */
const MOST_NOTES = 100;

export const notesIn = (m: Messages, { notes }: Reported): readonly string[] =>
  notes.slice(0, MOST_NOTES).map((note) => textIn(m.language, note));

export const capital = (text: string): string => text.replace(/^./u, (letter) => letter.toUpperCase());
