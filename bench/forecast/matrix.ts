// The very matrix that the job trains its newest model on, written to files that any language reads.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openingCalendar } from '../../jobs/forecast/openings/openings.ts';
import type { Panel } from '../../jobs/forecast/series/panel.ts';
import { knownAsOf, openingsAhead } from '../../jobs/forecast/xgboost/known.ts';
import { openXgboost } from '../../shared/xgboost/library.ts';
import type { DenseBlock } from '../../shared/xgboost/matrix.ts';
import { forecastFrom } from '../../jobs/forecast/xgboost/model.ts';
import { SETTINGS } from '../../jobs/forecast/xgboost/settings.ts';

export interface Training {
  readonly block: Required<DenseBlock>;
  /** Handed to XGBoost as they are. */
  readonly parameters: Readonly<Record<string, string | number>>;
  readonly trees: number;
}

const DAYS = 84;
const COUNTRY = 'FR';

class Observed extends Error {}

/** Lets the model go as far as its first booster, and keeps what it would have trained it on. */
export function trainingOf(panel: Panel): Training {
  const calendar = openingCalendar(panel, COUNTRY, panel.lastDay + openingsAhead(DAYS));
  const known = knownAsOf(panel, calendar, panel.lastDay, DAYS);
  const library = openXgboost(process.env['XGBOOST_LIBRARY']);
  let block: DenseBlock | undefined;
  let parameters: Training['parameters'] = {};
  let trees = 0;
  const watched: typeof library = {
    ...library,
    matrix(observed) {
      block ??= observed;
      return library.matrix(observed);
    },
    booster(train, observed) {
      const booster = library.booster(train, observed);
      booster.train = (_matrix, from, to) => {
        parameters = observed;
        trees = to - from;
        throw new Observed();
      };
      return booster;
    },
  };
  try {
    forecastFrom(watched, known, DAYS, SETTINGS);
  } catch (error) {
    if (!(error instanceof Observed)) throw error;
  }
  const { labels, weights, featureTypes } = block ?? {};
  if (block === undefined || labels === undefined || weights === undefined || featureTypes === undefined)
    throw new Error('the model trained on nothing, or on rows without labels, weights or types of columns');
  return { block: { ...block, labels, weights, featureTypes }, parameters, trees };
}

export function writeTraining(folder: string, { block, parameters, trees }: Training): void {
  const { values, labels, weights, rows, columns, featureTypes } = block;
  for (const [name, numbers] of Object.entries({ values, labels, weights }))
    writeFileSync(join(folder, name), new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength));
  writeFileSync(
    join(folder, 'training.json'),
    JSON.stringify({ rows, columns, featureTypes, parameters, trees }),
  );
}

export function readTraining(folder: string): Training {
  const numbers = (name: string) => new Float32Array(new Uint8Array(readFileSync(join(folder, name))).buffer);
  const { parameters, trees, ...shape } = JSON.parse(
    readFileSync(join(folder, 'training.json'), 'utf8'),
  ) as Omit<DenseBlock, 'values'> & Omit<Training, 'block'> & Pick<Required<DenseBlock>, 'featureTypes'>;
  const arrays = { values: numbers('values'), labels: numbers('labels'), weights: numbers('weights') };
  return { block: { ...shape, ...arrays }, parameters, trees };
}
