// Gradient boosting of XGBoost on what ridge regression lacks, from features of the fine cell: what ridge regression says,
// its ground, the coarse field around it, and the hour.
import { crossFitted } from '../../../models/downscale/cross-fitted.ts';
import { predictKept, type Downscaler, type Training } from '../../../models/downscale/downscaler.ts';
import { cellsOf, type Fields } from '../../../models/downscale/field.ts';
import { ridge } from '../../../models/downscale/ridge.ts';
import type { XgboostLibrary } from '../../../shared/xgboost/library.ts';
import { featureMaker, type FeatureMaker } from './cell-features.ts';
import { coprime } from './coprime.ts';

/** One thread, no sampling by the library: the same rows give the same trees. */
const SETTINGS = {
  objective: 'reg:squarederror',
  base_score: 0,
  tree_method: 'hist',
  max_depth: 8,
  eta: 0.1,
  min_child_weight: 50,
  lambda: 1,
  nthread: 1,
  seed: 1,
} as const;
const ROUNDS = 150;
/** Every n-th pair of cell and time is learned, so that there are at most so many. */
const MOST_ROWS = 200_000;
/** Rows that are predicted at once. */
const PREDICTED_AT_ONCE = 200_000;

export const boosting = (xgboost: XgboostLibrary): Downscaler => ({
  name: 'gradient boosting',
  learn(training) {
    const base = ridge.learn(training);
    // What ridge regression lacks on times that it has learned is less than what it will lack.
    const before = crossFitted(ridge, training);
    const maker = featureMaker(training, before);
    const model = trees(xgboost, training, before, maker);
    return {
      checkpoint: { ending: 'ubj', bytes: model },
      predict(coarse) {
        const predicted = predictKept(base, training, coarse);
        addTrees(xgboost, model, maker, coarse, predicted);
        return predicted;
      },
    };
  },
});

function trees(
  xgboost: XgboostLibrary,
  { fine, coarse }: Training,
  before: Fields,
  maker: FeatureMaker,
): Uint8Array {
  const { places, columns } = maker;
  const all = places.length * fine.hours.length;
  // Odd, and no divisor of the cells of a row or the hours of a day, so that no cell and no hour is left out.
  const every = Math.max(1, coprime(Math.ceil(all / MOST_ROWS), 24 * places.length));
  const rows = Math.ceil(all / every);
  const values = new Float32Array(rows * columns);
  const labels = new Float32Array(rows);
  const features = maker.of(coarse, before);
  for (let row = 0; row < rows; row++) {
    const [time, place] = [Math.floor((row * every) / places.length), (row * every) % places.length];
    const at = time * cellsOf(fine) + places[place]!;
    features.write(time, place, values.subarray(row * columns, (row + 1) * columns));
    labels[row] = fine.values[at]! - before.values[at]!;
  }
  using matrix = xgboost.matrix({ values, rows, columns, labels });
  using booster = xgboost.booster(matrix, SETTINGS);
  booster.train(matrix, 0, ROUNDS);
  return booster.save();
}

function addTrees(
  xgboost: XgboostLibrary,
  model: Uint8Array,
  { places, columns, of }: FeatureMaker,
  coarse: Fields,
  into: Fields,
): void {
  using booster = xgboost.booster(undefined, { nthread: 1 });
  booster.load(model);
  const features = of(coarse, into);
  const times = Math.max(1, Math.floor(PREDICTED_AT_ONCE / places.length));
  for (let first = 0; first < coarse.hours.length; first += times) {
    const end = Math.min(first + times, coarse.hours.length);
    const rows = (end - first) * places.length;
    const values = new Float32Array(rows * columns);
    for (let row = 0; row < rows; row++) {
      const [time, place] = [first + Math.floor(row / places.length), row % places.length];
      features.write(time, place, values.subarray(row * columns, (row + 1) * columns));
    }
    using matrix = xgboost.matrix({ values, rows, columns });
    const added = booster.predict(matrix);
    // The features of these times were read before; those of later ones are still as they were.
    for (let row = 0; row < rows; row++) {
      const [time, place] = [first + Math.floor(row / places.length), row % places.length];
      into.values[time * cellsOf(into) + places[place]!]! += added[row]!;
    }
  }
}
