// How each kind of model is made: its settings, and the line that names them.
import type { Kind } from '../../../models/bikes/bundle.ts';
import { COLUMNS } from '../../../models/bikes/features.ts';

export interface TreeRecipe {
  readonly kind: 'gbt' | 'rf';
  readonly rounds: number;
  /** Handed to XGBoost as they are. */
  readonly booster: Readonly<Record<string, string | number>>;
}

export interface NetworkRecipe {
  readonly kind: 'nn';
  readonly hidden: readonly [number, number];
  readonly epochs: number;
  readonly batch: number;
  readonly rate: number;
  /** How much the weights of the last steps count in the weights that are kept. */
  readonly keep: number;
  readonly seed: number;
}

export type Recipe = TreeRecipe | NetworkRecipe;

const SHARED: TreeRecipe['booster'] = {
  tree_method: 'hist',
  max_bin: 256,
  // A counter joins a group of counters that behave alike, instead of standing alone against all others.
  max_cat_to_onehot: 1,
  // One thread a booster: sums of floats depend on how many threads share them, and so would the bytes.
  nthread: 1,
  seed: 1,
};

const boosted: TreeRecipe = {
  kind: 'gbt',
  rounds: 300,
  booster: {
    ...SHARED,
    eta: 0.06,
    max_depth: 0,
    max_leaves: 63,
    grow_policy: 'lossguide',
    min_child_weight: 20,
    subsample: 0.5,
    colsample_bynode: 0.5,
  },
};

const forest: TreeRecipe = {
  kind: 'rf',
  rounds: 1,
  booster: {
    ...SHARED,
    eta: 1,
    num_parallel_tree: 40,
    max_depth: 13,
    min_child_weight: 10,
    lambda: 0,
    subsample: 0.5,
    colsample_bynode: 0.5,
  },
};

const network: NetworkRecipe = {
  kind: 'nn',
  hidden: [48, 32],
  epochs: 3,
  batch: 256,
  rate: 0.003,
  keep: 0.998,
  seed: 1,
};

/** The recipes that this version knows. */
export const RECIPES: readonly Recipe[] = [boosted, forest, network];

/** Two models of one name differ in their data alone. */
export function recipeName(recipe: Recipe): string {
  const { kind, ...settings } = recipe;
  const flat = 'booster' in settings ? { rounds: settings.rounds, ...settings.booster } : settings;
  const written = Object.entries(flat).map(([name, value]) => `${name}=${String(value)}`);
  return `${kind} of ${COLUMNS.map(({ name }) => name).join(', ')}; ${written.join(', ')}`;
}

export const recipeOf = (kind: Kind): Recipe => RECIPES.find((recipe) => recipe.kind === kind)!;
