// The numbers that shape the model; they are part of every stored week's key, so changing one trains anew.
import type { Sampling } from './training.ts';

export interface Settings {
  /** Raised by hand when code changes what is learnt from the same data. */
  readonly revision: number;
  readonly trees: number;
  /** Handed to XGBoost as they are. */
  readonly booster: Readonly<Record<string, string | number>>;
  readonly sampling: Sampling;
}

export const SETTINGS: Settings = {
  revision: 1,
  trees: 150,
  booster: {
    objective: 'reg:squarederror',
    base_score: 1,
    tree_method: 'hist',
    max_bin: 256,
    max_depth: 6,
    eta: 0.08,
    min_child_weight: 20,
    subsample: 0.7,
    colsample_bytree: 0.5,
    // A site joins a group of sites that behave alike, instead of standing alone against all others.
    max_cat_to_onehot: 1,
    seed: 1,
    // One thread a booster: sums of floats depend on how many threads share them, and so would the bytes.
    nthread: 1,
  },
  sampling: { mostRows: 250_000, nearDays: 42, farDays: 84, farShare: 0.3 },
};
