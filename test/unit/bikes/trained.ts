// Small models of each sort, trained by the installed XGBoost over rows that a seed makes.
import type { Matrix } from '../../../shared/xgboost/matrix.ts';
import { openXgboost } from '../../../shared/xgboost/library.ts';

export type Parameters = Readonly<Record<string, string | number>>;

/** Uniform numbers from 0 to 1, the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A counter (a category), an hour, a weekday and a level, of which some values are missing. */
export const COLUMNS = ['c', 'q', 'q', 'q'] as const;
export const CATEGORIES = 40;

/** `categories` beyond those of training are values that the model has not seen. */
export function rowsOf(count: number, seed: number, categories = CATEGORIES): Float32Array {
  const random = seeded(seed);
  const values = new Float32Array(count * COLUMNS.length);
  for (let row = 0; row < count; row += 1) {
    const at = row * COLUMNS.length;
    values[at] = Math.floor(random() * categories);
    values[at + 1] = Math.floor(random() * 24);
    values[at + 2] = random() < 0.1 ? Number.NaN : Math.floor(random() * 7);
    values[at + 3] = random() < 0.2 ? Number.NaN : random() * 100 - 20;
  }
  return values;
}

/** A pattern of counter, hour and level, and noise. */
export function labelsOf(values: Float32Array, isClass: boolean): Float32Array {
  const random = seeded(99);
  return Float32Array.from({ length: values.length / COLUMNS.length }, (_none, row) => {
    const [counter = 0, hour = 0, , level = 0] = values.subarray(row * 4, row * 4 + 4);
    const known = Number.isNaN(level) ? 10 : level;
    const mean = 3 * Math.sin(counter * 2.4) + 4 * Math.sin((hour / 24) * 6.28) + known / 20;
    const value = mean + random();
    if (isClass) return value > 1.5 ? 1 : 0;
    return value;
  });
}

export interface Trained {
  readonly saved: Uint8Array;
  /** What XGBoost itself answers. */
  predict(values: Float32Array): Float32Array;
  close(): void;
}

export const GBT: Parameters = { objective: 'reg:squarederror', max_depth: 6, eta: 0.2 };
export const FOREST: Parameters = {
  objective: 'reg:squarederror',
  num_parallel_tree: 25,
  subsample: 0.6,
  colsample_bynode: 0.6,
  eta: 1,
  max_depth: 8,
};

export function train(parameters: Parameters, rounds: number, rows = 3000): Trained {
  const library = openXgboost(process.env['XGBOOST_LIBRARY']);
  const values = rowsOf(rows, 7);
  const labels = labelsOf(values, parameters['objective'] === 'binary:logistic');
  const matrix = library.matrix({ ...blockOf(values), labels });
  const common = { tree_method: 'hist', nthread: 1, seed: 3 };
  const booster = library.booster(matrix, { ...common, ...parameters });
  booster.train(matrix, 0, rounds);
  return {
    saved: booster.save(),
    predict(wanted) {
      using asked: Matrix = library.matrix(blockOf(wanted));
      return booster.predict(asked);
    },
    close() {
      booster[Symbol.dispose]();
      matrix[Symbol.dispose]();
    },
  };
}

export const blockOf = (values: Float32Array) => ({
  values,
  rows: values.length / COLUMNS.length,
  columns: COLUMNS.length,
  featureTypes: COLUMNS,
});
