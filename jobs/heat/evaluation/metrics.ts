// `metrics.json`: the errors on the held-out blocks and at the stations.
import type { Coded, Metrics } from '../../../models/heat/documents.ts';
import type { XgboostLibrary } from '../../../shared/xgboost/library.ts';
import { byHour, type Compared, type HourScores } from './by-place-and-hour.ts';
import { learnedCorrection, type LearnedCorrection } from './learned-correction.ts';
import { leaveOneOut, type StationPairs, type StationScores } from './leave-one-out.ts';
import { improvementPercent, noScores, scoresOf } from './scores.ts';
import { coded } from '../texts/coded.ts';

/** Beside what every metrics document has. */
export interface CityMetrics extends Metrics {
  readonly reasons: Record<string, Coded>;
  readonly by_hour: readonly HourScores[];
  /** The fine temperatures at the stations; null where there is none. */
  readonly stations: FineScores | null;
  /** The weather as it came in, at the same stations. */
  readonly stations_input: StationScores | null;
}

export interface FineScores extends StationScores {
  /** What boosting makes of the same errors, and whether it is better than the simple correction. */
  readonly learned: LearnedCorrection;
}

export interface AtStations {
  readonly fine: readonly StationPairs[];
  readonly input: readonly StationPairs[];
}

export interface Evaluated {
  readonly held: Compared | undefined;
  /** Why there is no held-out truth. */
  readonly reason: Coded | null;
  readonly stations: AtStations | undefined;
  /** Undefined where it is not installed. */
  readonly xgboost: XgboostLibrary | undefined;
  readonly resolutionMetres: number;
  readonly evaluatedAt: string;
}

export function metricsOf(evaluated: Evaluated): CityMetrics {
  const { held, stations, resolutionMetres, evaluatedAt } = evaluated;
  const missing = evaluated.reason ?? coded('no-held-block');
  const own = held === undefined ? noScores(missing) : scoresOf(held.predicted, held.truth);
  const baseline = held === undefined ? noScores(missing) : scoresOf(held.baseline, held.truth);
  const improvement = improvementPercent(own.rmse, baseline.rmse);
  const reasons: Record<string, Coded> = { ...own.reasons };
  if (baseline.rmse === null) reasons['baseline_rmse'] = missing;
  if (improvement === null)
    reasons['improvement_percent'] = held === undefined ? missing : coded('baseline-without-error');
  if (held === undefined) reasons['sample_count'] = missing;
  if (stations === undefined) reasons['stations'] = coded('no-stations');
  return {
    rmse: own.rmse,
    mae: own.mae,
    r2: own.r2,
    bias: own.bias,
    correlation: own.correlation,
    baseline: 'bicubic',
    baseline_rmse: baseline.rmse,
    improvement_percent: improvement,
    spatial_resolution_m: resolutionMetres,
    sample_count: held === undefined ? null : own.count,
    evaluation_date: evaluatedAt,
    reasons,
    by_hour: held === undefined ? [] : byHour(held),
    stations: stations === undefined ? null : fineScores(stations.fine, evaluated.xgboost),
    stations_input: stations === undefined ? null : leaveOneOut(stations.input),
  };
}

function fineScores(stations: readonly StationPairs[], xgboost: XgboostLibrary | undefined): FineScores {
  const scores = leaveOneOut(stations);
  return { ...scores, learned: learnedCorrection(stations, scores.corrected, xgboost) };
}
