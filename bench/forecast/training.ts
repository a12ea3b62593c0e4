// The job's training beside the same training in Python: same matrix, same settings, taken in turns.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { XgboostMissing } from '../../shared/xgboost/errors.ts';
import type { Bench, Skipped } from '../measure.ts';
import { fillFolder } from '../source-folder.ts';
import { trainingOf, type Training } from './matrix.ts';
import { readPanel } from './panel.ts';
import { trainInTurns } from './in-turns.ts';

export const forecastTraining: Bench = {
  name: 'forecast-training',
  about: "training the newest model, beside Debian's python3-xgboost on the same matrix",
  async run({ folder, progress }) {
    const source = join(folder, 'source');
    mkdirSync(source);
    const filled = await fillFolder(source);
    progress(`making the matrix of ${filled}`);
    const training = madeFrom((await readPanel(source)).panel);
    if ('skipped' in training) return training;
    return trainInTurns(folder, training, progress);
  },
};

function madeFrom(panel: Parameters<typeof trainingOf>[0]): Training | Skipped {
  try {
    return trainingOf(panel);
  } catch (error) {
    if (error instanceof XgboostMissing) return { skipped: error.message.split('\n', 1)[0] ?? '' };
    throw error;
  }
}
