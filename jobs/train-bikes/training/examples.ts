// Examples for the self-test of a model: features, and what each kind answered for them where it was trained.
import { KINDS, modelName, type Descriptor, type Task } from '../../../models/bikes/bundle.ts';
import { COLUMNS, fillFeatures } from '../../../models/bikes/features.ts';
import type { Learnt } from '../../../models/bikes/learnt.ts';
import type { XgboostLibrary } from '../../../shared/xgboost/library.ts';
import { numbersOf } from './fit.ts';

const EXAMPLES = 16;
/** Hours and counters that have no common divisor with the week, so that the examples differ in everything. */
const HOUR_STRIDE = 41;
const COUNTER_STRIDE = 7;

export function examplesOf(
  xgboost: XgboostLibrary,
  task: Task,
  learnt: Learnt,
  files: ReadonlyMap<string, Uint8Array>,
): Descriptor['examples'] {
  const columns = COLUMNS.length;
  const features = new Float32Array(EXAMPLES * columns);
  for (let row = 0; row < EXAMPLES; row += 1) {
    const counter = (row * COUNTER_STRIDE) % learnt.counters.length;
    fillFeatures(learnt, { counter, hour: learnt.upTo + row * HOUR_STRIDE }, features, row * columns);
  }
  return KINDS.flatMap((kind) => {
    const numbers = numbersOf(xgboost, kind, files.get(modelName(task, kind))!, features, EXAMPLES);
    return Array.from(numbers, (expected, row) => ({
      kind,
      features: Array.from(features.subarray(row * columns, (row + 1) * columns), (value) =>
        Number.isNaN(value) ? null : value,
      ),
      expected,
    }));
  });
}
