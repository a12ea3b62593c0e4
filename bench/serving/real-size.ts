// A model of the size of the real one, by the recipes of training, over generated counts.
import { RECIPES, type TreeRecipe } from '../../jobs/train-bikes/training/recipes.ts';
import { sampleModel, type SampleFiles } from '../../test/unit/bikes/sample-model.ts';

const COUNTERS = 52;
const HOURS = 24 * 112;
/** Of each kind, as training stores them. */
const EXAMPLES = 16;
/** The real counts are three times as many, so a leaf here has fewer of them. */
const ROWS_IN_LEAF = 1;
/** The two models that training made of the shared counts have 6 and 13 MB. */
const LEAST_BYTES = 9_000_000;

const recipeOf = (kind: 'gbt' | 'rf'): TreeRecipe => {
  const found = RECIPES.find((recipe) => recipe.kind === kind);
  if (found === undefined || found.kind === 'nn') throw new Error(`training has no recipe for ${kind}`);
  return found;
};

/** Throws an `Error` if the model came out smaller than a real one, whose times it would not have. */
export function realSizeModel(seed: number): SampleFiles {
  const forest = recipeOf('rf');
  const model = sampleModel({
    ...{ task: 'reg', seed, counters: COUNTERS, hours: HOURS, examples: EXAMPLES },
    recipes: {
      gbt: recipeOf('gbt'),
      rf: { ...forest, booster: { ...forest.booster, min_child_weight: ROWS_IN_LEAF } },
    },
  });
  const bytes = sizeOf(model);
  if (bytes < LEAST_BYTES) throw new Error(`the model has ${bytes} bytes; expected at least ${LEAST_BYTES}`);
  return model;
}

export const sizeOf = ({ bytes }: SampleFiles): number =>
  [...bytes.values()].reduce((sum, { length }) => sum + length, 0);
