// The numbers that shape the model; they are part of every stored week's key, so changing one trains anew.
import type { Sampling } from './training.ts';

/** One set of trees; the forecast is the mean of all members' forecasts, each made on its own. */
export interface Member {
  /** What it learns: visits over the site's level, or the logarithm of that, which minds large days less. */
  readonly target: 'ratio' | 'log';
  readonly trees: number;
  /** Handed to XGBoost as they are, over the shared ones. */
  readonly booster: Readonly<Record<string, string | number>>;
}

export interface Settings {
  /** Raised by hand when code changes what is learnt from the same data. */
  readonly revision: number;
  readonly sampling: Sampling;
  /** What all members hand to XGBoost. */
  readonly booster: Readonly<Record<string, string | number>>;
  readonly members: readonly Member[];
}

export const SETTINGS: Settings = {
  revision: 1,
  sampling: { mostRows: 250_000, nearDays: 42, farDays: 84, farShare: 0.25 },
  booster: {
    objective: 'reg:squarederror',
    tree_method: 'hist',
    max_bin: 64,
    eta: 0.1,
    subsample: 0.7,
    colsample_bytree: 0.5,
    // A site joins a group of sites that behave alike, instead of standing alone against all others.
    max_cat_to_onehot: 1,
    // One thread a booster: sums of floats depend on how many threads share them, and so would the bytes.
    nthread: 1,
  },
  members: [
    { target: 'ratio', trees: 100, booster: { base_score: 1, max_depth: 6, min_child_weight: 20, seed: 1 } },
    { target: 'log', trees: 100, booster: { base_score: 0, max_depth: 6, min_child_weight: 20, seed: 2 } },
    { target: 'ratio', trees: 100, booster: { base_score: 1, max_depth: 8, min_child_weight: 50, seed: 3 } },
  ],
};
