// A gate for what stations could teach: gradient boosting corrects each station by what the others show, and counts only
// where it beats the simple correction, the mean bias of the others. With few stations it may not.
import type { Coded } from '../../../models/heat/documents.ts';
import type { XgboostLibrary } from '../../../shared/xgboost/library.ts';
import { coded } from '../texts/coded.ts';
import { coprime } from '../training/coprime.ts';
import type { StationPairs } from './leave-one-out.ts';
import { ErrorSums, noScores, type Scores } from './scores.ts';

export interface LearnedCorrection {
  readonly method: 'gradient boosting';
  /** Each station corrected by trees that learned the errors of all others. */
  readonly scores: Scores;
  readonly by_station: readonly { readonly station: string; readonly scores: Scores }[];
  /** Whether its RMSE is below that of the simple correction; null where one of them is not known. */
  readonly is_better: boolean | null;
}

/** A pair, and what is known of it beside the measurement: the columns that the trees decide by. */
interface Row {
  readonly station: number;
  readonly features: readonly number[];
  readonly error: number;
}

/** One thread: the same rows give the same trees. Shallow, and held back by many rows in a leaf, since stations are few. */
const SETTINGS = {
  objective: 'reg:squarederror',
  base_score: 0,
  tree_method: 'hist',
  max_depth: 4,
  eta: 0.1,
  min_child_weight: 20,
  lambda: 1,
  nthread: 1,
  seed: 1,
} as const;
const ROUNDS = 60;
/** Of all stations; trees are learned once for each station, so that more would take minutes. */
const [MOST_STATIONS, MOST_ROWS] = [50, 30_000];

/** `xgboost` is undefined where it is not installed; `simple` are the scores of the correction by the mean bias. */
export function learnedCorrection(
  stations: readonly StationPairs[],
  simple: Scores,
  xgboost: XgboostLibrary | undefined,
): LearnedCorrection {
  const method = 'gradient boosting';
  const found = scoresOf(stations, xgboost);
  if ('reason' in found) return { method, scores: noScores(found.reason), by_station: [], is_better: null };
  const isBetter =
    found.scores.rmse === null || simple.rmse === null ? null : found.scores.rmse < simple.rmse;
  return { method, ...found, is_better: isBetter };
}

function scoresOf(
  stations: readonly StationPairs[],
  xgboost: XgboostLibrary | undefined,
): Pick<LearnedCorrection, 'scores' | 'by_station'> | { readonly reason: Coded } {
  if (xgboost === undefined) return { reason: coded('no-xgboost') };
  const all = rowsOf(stations);
  const used = [...new Set(all.map(({ station }) => station))];
  if (used.length < 2) return { reason: coded('one-station') };
  if (used.length > MOST_STATIONS)
    return { reason: coded('many-stations', { stations: used.length, most: MOST_STATIONS }) };
  // A day has up to three pairs, or two: maximum, minimum and mean.
  const every = coprime(Math.max(1, Math.ceil(all.length / MOST_ROWS)), 6);
  const learned = all.filter((_, at) => at % every === 0);
  const sums = new ErrorSums();
  const byStation = used.map((left) => {
    const each = new ErrorSums();
    const own = all.filter(({ station }) => station === left);
    const others = learned.filter(({ station }) => station !== left);
    const corrections = corrected(xgboost, others, own);
    // What is left of the error once the correction is taken away.
    own.forEach(({ features, error }, at) => {
      const [modelled = NaN] = features;
      for (const into of [each, sums]) into.add(modelled - corrections[at]!, modelled - error);
    });
    return { station: stations[left]!.station, scores: each.scores() };
  });
  return { scores: sums.scores(), by_station: byStation };
}

/** Pairs that have both values, station by station. */
const rowsOf = (stations: readonly StationPairs[]): readonly Row[] =>
  stations.flatMap(({ observed, modelled, about }, station) =>
    Array.from(modelled, (value, at): Row => {
      const error = value - observed[at]!;
      return { station, features: [value, ...(about?.[at] ?? [])], error };
    }).filter(({ error }) => !Number.isNaN(error)),
  );

/** The error that the trees, which learn from `others`, expect of each row of `own`. */
function corrected(xgboost: XgboostLibrary, others: readonly Row[], own: readonly Row[]): Float32Array {
  using learned = xgboost.matrix({
    ...blockOf(others),
    labels: Float32Array.from(others, ({ error }) => error),
  });
  using booster = xgboost.booster(learned, SETTINGS);
  booster.train(learned, 0, ROUNDS);
  using matrix = xgboost.matrix(blockOf(own));
  return booster.predict(matrix);
}

function blockOf(rows: readonly Row[]) {
  const columns = rows[0]!.features.length;
  return { values: Float32Array.from(rows.flatMap(({ features }) => features)), rows: rows.length, columns };
}
