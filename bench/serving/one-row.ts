// One row through the trees, beside XGBoost itself on the same model.
import { parseTrees, predictTrees } from '../../models/bikes/trees.ts';
import { FOREST, GBT, rowsOf, train, type Parameters } from '../../test/unit/bikes/trained.ts';
import type { Measure } from '../measure.ts';

const CALLS = 2000;

export const oneRow = (): readonly Measure[] => [
  measured('600 boosted trees', { ...GBT, max_cat_to_onehot: 1 }, 600),
  measured('a random forest of 100 trees', { ...FOREST, num_parallel_tree: 100 }, 1),
];

function measured(name: string, parameters: Parameters, rounds: number): Measure {
  const model = train(parameters, rounds, 20_000);
  const trees = parseTrees(model.saved);
  const row = rowsOf(1, 5);
  const own = meanMs(() => predictTrees(trees, row, 1));
  const floor = { name: 'XGBoost, from a row to its number', value: meanMs(() => model.predict(row)) };
  model.close();
  return { name: `one row, ${name}`, value: own, unit: 'ms', floor, goal: { most: 1, of: 'ratio' } };
}

/** Over the second half of the calls; the first half has V8 compile. */
function meanMs(call: () => unknown): number {
  for (let count = 0; count < CALLS; count += 1) call();
  const beganMs = performance.now();
  for (let count = 0; count < CALLS; count += 1) call();
  return (performance.now() - beganMs) / CALLS;
}
