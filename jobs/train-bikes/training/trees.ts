// Trains gradient boosting and random forests: one booster for each task, on one matrix.
import { TASKS, type Task } from '../../../models/bikes/bundle.ts';
import { COLUMNS } from '../../../models/bikes/features.ts';
import type { XgboostLibrary } from '../../../shared/xgboost/library.ts';
import type { TreeRecipe } from './recipes.ts';
import type { Samples } from './samples.ts';

/**
 * The class is learnt as a number too: how far an hour is above the mean says more than whether it is. Out of time it
 * decides better than a classifier, by one point of accuracy.
 */
const OBJECTIVE = { objective: 'reg:squarederror', base_score: 0 };

const FEATURE_TYPES = COLUMNS.map(({ type }) => type);

/** The models in XGBoost's own binary form, by task. */
export function trainTrees(
  xgboost: XgboostLibrary,
  { rounds, booster: settings }: TreeRecipe,
  { features, rows, labels, margins }: Samples,
): Readonly<Record<Task, Uint8Array>> {
  using matrix = xgboost.matrix({
    values: features,
    rows,
    columns: COLUMNS.length,
    labels: labels.reg,
    featureTypes: FEATURE_TYPES,
  });
  const [reg, margin] = TASKS.map((task) => {
    matrix.relabel(task === 'reg' ? labels.reg : margins);
    using booster = xgboost.booster(matrix, { ...settings, ...OBJECTIVE });
    booster.train(matrix, 0, rounds);
    return booster.save();
  });
  return { reg: reg!, class: margin! };
}

/** One number for each row: of `reg` the model's, of `class` the margin. */
export function numbersOfTrees(
  xgboost: XgboostLibrary,
  model: Uint8Array,
  features: Float32Array,
  rows: number,
): Float64Array {
  using matrix = xgboost.matrix({
    values: features,
    rows,
    columns: COLUMNS.length,
    featureTypes: FEATURE_TYPES,
  });
  using booster = xgboost.booster(undefined, { nthread: 1 });
  booster.load(model);
  return Float64Array.from(booster.predict(matrix, 'margin'));
}
