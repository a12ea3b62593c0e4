// The boosting of the bikes' job beside the same training in Python, on the matrix of the shared export.
import { existsSync } from 'node:fs';
import { RECIPES } from '../../jobs/train-bikes/training/recipes.ts';
import { samplesOf } from '../../jobs/train-bikes/training/samples.ts';
import { spanOf } from '../../jobs/train-bikes/training/origins.ts';
import { COLUMNS } from '../../models/bikes/features.ts';
import { learn } from '../../models/bikes/learnt.ts';
import { trainInTurns } from '../forecast/in-turns.ts';
import type { Bench } from '../measure.ts';
import { loadCounts, SHARED_EXPORT } from './load.ts';

export const bikesTraining: Bench = {
  name: 'bikes-training',
  about: "training the bikes' boosted trees, beside Debian's python3-xgboost on the same matrix",
  async run({ folder, progress }) {
    if (!existsSync(SHARED_EXPORT)) return { skipped: `${SHARED_EXPORT} is not there` };
    const observations = await loadCounts(SHARED_EXPORT);
    const { rows, features, labels } = samplesOf(
      observations,
      learn(observations, spanOf(observations).last + 1),
    );
    const recipe = RECIPES.find((each) => each.kind === 'gbt');
    if (recipe?.kind !== 'gbt') throw new TypeError('expected a recipe of boosted trees');
    const block = {
      values: features,
      rows,
      columns: COLUMNS.length,
      labels: labels.reg,
      weights: new Float32Array(rows).fill(1),
      featureTypes: COLUMNS.map(({ type }) => type),
    };
    const parameters = { ...recipe.booster, objective: 'reg:squarederror', base_score: 0 };
    return trainInTurns(folder, { block, parameters, trees: recipe.rounds }, progress);
  },
};
