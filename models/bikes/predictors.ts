// The kinds of models behind one form: rows of features in, a number for each row out.
import type { Kind } from './bundle.ts';
import { parseNetwork, predictNetwork } from './network.ts';
import { parsingTrees, predictTrees } from './trees.ts';
import type { Steps } from './steps.ts';

export interface Predictor {
  /** How many features a row has. */
  readonly features: number;
  /** Of `reg` the number that stands for a count, of `class` the margin. */
  predict(rows: Float32Array, count: number): Float64Array;
}

/** Throws an `Error` for bytes that are no model of the kind. */
export function* parsingPredictor(kind: Kind, bytes: Uint8Array): Steps<Predictor> {
  if (kind === 'nn') {
    const network = parseNetwork(bytes);
    yield;
    return {
      features: network.columns,
      predict: (rows, count) => predictNetwork(network, rows, count),
    };
  }
  const trees = yield* parsingTrees(bytes);
  return { features: trees.features, predict: (rows, count) => predictTrees(trees, rows, count) };
}
