// One recipe, fitted to everything before one hour, for both tasks; and what it answers for the rows it is judged on.
import type { Kind, Task } from '../../../models/bikes/bundle.ts';
import { learn } from '../../../models/bikes/learnt.ts';
import { parseNetwork, predictNetwork } from '../../../models/bikes/network.ts';
import type { Hour, Observations } from '../../../models/bikes/observations.ts';
import type { XgboostLibrary } from '../../../shared/xgboost/library.ts';
import { trainNetwork } from './network/train-network.ts';
import { recipeOf } from './recipes.ts';
import { rowsOf, samplesOf } from './samples.ts';
import { numbersOfTrees, trainTrees } from './trees.ts';

export interface FitTask {
  readonly kind: Kind;
  readonly upTo: Hour;
  /** Rows of the observations to answer, by index. */
  readonly judged: Int32Array;
}

export interface Fitted {
  readonly models: Readonly<Record<Task, Uint8Array>>;
  /** For each judged row: of `reg` the model's number, of `class` the margin. */
  readonly numbers: Readonly<Record<Task, Float64Array>>;
}

/** Neither the features nor the models read a count at or after `upTo`. */
export function fit(xgboost: XgboostLibrary, observations: Observations, task: FitTask): Fitted {
  const { kind, upTo, judged } = task;
  const learnt = learn(observations, upTo);
  const recipe = recipeOf(kind);
  const samples = samplesOf(observations, learnt);
  const models =
    recipe.kind === 'nn'
      ? trainNetwork(recipe, samples, observations.counters.length)
      : trainTrees(xgboost, recipe, samples);
  if (judged.length === 0) return { models, numbers: { reg: new Float64Array(), class: new Float64Array() } };
  const { features, rows } = rowsOf(observations, learnt, judged);
  return {
    models,
    numbers: {
      reg: numbersOf(xgboost, kind, models.reg, features, rows),
      class: numbersOf(xgboost, kind, models.class, features, rows),
    },
  };
}

/** What a model answers for rows of features: of `reg` its number, of `class` the margin. */
export function numbersOf(
  xgboost: XgboostLibrary,
  kind: Kind,
  model: Uint8Array,
  features: Float32Array,
  rows: number,
): Float64Array {
  return kind === 'nn'
    ? predictNetwork(parseNetwork(model), features, rows)
    : numbersOfTrees(xgboost, model, features, rows);
}
