// The numbers that shape the model; they are part of every stored week's key, so changing one trains anew.
import type { Leaning } from './last-year.ts';
import type { Sampling } from './training.ts';

/** The days ahead that are forecast by the same trees: those up to `longest` that no shorter reach has. */
export interface Reach extends Sampling {
  readonly members: readonly Member[];
}

/** One set of trees; a reach's forecast is the mean of its members', each made on its own. */
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
  /** From the shortest to the longest; days beyond the longest are forecast by it as well. */
  readonly reaches: readonly Reach[];
  /** How far the company's days are moved towards those of a year before. */
  readonly lastYear: Leaning;
  /** What all members hand to XGBoost. */
  readonly booster: Readonly<Record<string, string | number>>;
}

const shallow: Member = {
  target: 'ratio',
  trees: 74,
  booster: { base_score: 1, max_depth: 6, min_child_weight: 20, seed: 1 },
};

const logarithmic: Member = {
  target: 'log',
  trees: 74,
  booster: { base_score: 0, max_depth: 6, min_child_weight: 20, seed: 2 },
};

const deep: Member = {
  target: 'ratio',
  trees: 74,
  booster: { base_score: 1, max_depth: 8, min_child_weight: 50, seed: 3 },
};

export const SETTINGS: Settings = {
  revision: 3,
  // Trees that also learn the third month forecast the first six weeks worse, by 0.2 points of WAPE.
  reaches: [
    { shortest: 1, longest: 42, share: 1, mostRows: 235_000, members: [shallow, logarithmic, deep] },
    { shortest: 29, longest: 84, share: 0.35, mostRows: 120_000, members: [shallow] },
  ],
  lastYear: { halfWeeks: 13, doubt: 0.01, most: 0.6 },
  booster: {
    objective: 'reg:squarederror',
    tree_method: 'hist',
    max_bin: 128,
    eta: 0.13,
    subsample: 0.5,
    colsample_bytree: 0.4,
    // A site joins a group of sites that behave alike, instead of standing alone against all others.
    max_cat_to_onehot: 1,
    // One thread a booster: sums of floats depend on how many threads share them, and so would the bytes.
    nthread: 1,
  },
};
