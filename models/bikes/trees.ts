// Trees of XGBoost, evaluated without it: parsed from a saved model, checked, and laid out in flat arrays.
import { finished, type Steps } from './steps.ts';
import { appendTree, NodeList } from './tree-nodes.ts';
import { nodeCount, TreeReader } from './tree-reader.ts';
import {
  countOf,
  elementsOf,
  openModel,
  part,
  partOf,
  textOf,
  wholesOf,
  wrongPart,
  type Part,
} from './saved-model.ts';

const OBJECTIVES = ['reg:squarederror', 'binary:logistic'] as const;
export type Objective = (typeof OBJECTIVES)[number];

/**
 * All nodes of all trees. The children of a node stand beside each other, so `left` names both:
 *
 *     split      feature * 4 + 1 (a missing value goes right) + 2 (by categories)    left   a child
 *                threshold: below it left; or, in its bits, where its categories begin
 *     leaf       -1                                                                  threshold: its value
 */
export interface Trees {
  readonly objective: Objective;
  /** How many features a row has. */
  readonly features: number;
  /** Where each sum begins, in margins. */
  readonly base: number;
  /** The first node of each tree. */
  readonly roots: Int32Array;
  readonly split: Int32Array;
  readonly left: Int32Array;
  readonly threshold: Float32Array;
  /** The same memory as `threshold`. */
  readonly categoriesAt: Int32Array;
  /** A number of words, and so many words: bit c of them is 1 if category c goes right. */
  readonly categories: Uint32Array;
}

/** A sum is no finer, whatever the number of trees. */
const MOST_TREES = 100_000;
const MOST_FEATURES = 65_536;

/** Reads a model that XGBoost 1.7 to 3 saved. Throws an `Error` that names the first part that cannot be. */
export const parseTrees = (bytes: Uint8Array): Trees => finished(parsingTrees(bytes));

/** The same in steps, tree by tree: a service answers requests between them. */
export function* parsingTrees(bytes: Uint8Array): Steps<Trees> {
  const learner = part(openModel(bytes), 'learner');
  const parameters = part(learner, 'learner_model_param');
  const objective = objectiveOf(part(learner, 'objective', 'name'));
  const features = featuresOf(parameters);
  const booster = part(learner, 'gradient_booster');
  const name = part(booster, 'name');
  if (name.value !== 'gbtree') throw wrongPart(name, JSON.stringify(name.value), '"gbtree"');
  const saved = treesIn(part(booster, 'model'));
  const sizes = saved.map(nodeCount);
  const nodes = new NodeList(sizes);
  const tree = new TreeReader(
    features,
    sizes.reduce((most, size) => Math.max(most, size), 0),
  );
  const roots = new Int32Array(saved.length);
  for (const [index, each] of saved.entries()) {
    tree.read(each);
    roots[index] = appendTree(tree, nodes);
    yield;
  }
  const { split, left, threshold, categoriesAt } = nodes;
  const base = baseOf(parameters, objective);
  return {
    objective,
    features,
    base,
    roots,
    split,
    left,
    threshold,
    categoriesAt,
    categories: nodes.categories(),
  };
}

/** The margin of each row, `features` values a row; NaN stands for "not known". */
export function predictTrees(trees: Trees, rows: Float32Array, count: number): Float64Array {
  const { features, roots, threshold } = trees;
  if (rows.length < count * features)
    throw new RangeError(
      `${count} rows of ${features} features need ${count * features} values, found ${rows.length}`,
    );
  const sums = new Float64Array(count).fill(trees.base);
  for (let tree = 0; tree < roots.length; tree += 1) {
    const root = roots[tree]!;
    // XGBoost sums in single precision, tree by tree.
    for (let row = 0; row < count; row += 1)
      sums[row] = Math.fround(sums[row]! + threshold[leafOf(trees, root, rows, row * features)]!);
  }
  return sums;
}

function leafOf(
  { split, left, threshold, categoriesAt, categories }: Trees,
  root: number,
  rows: Float32Array,
  at: number,
): number {
  let node = root;
  for (;;) {
    const how = split[node]!;
    if (how < 0) return node;
    const value = rows[at + (how >> 2)]!;
    if (value !== value) node = left[node]! + (how & 1);
    else if ((how & 2) === 0) node = left[node]! + (value < threshold[node]! ? 0 : 1);
    else node = left[node]! + bitOf(categories, categoriesAt[node]!, value);
  }
}

/** A category that the split does not name goes left, as does a value that is no category. */
function bitOf(categories: Uint32Array, at: number, value: number): number {
  if (value < 0) return 0;
  const word = value / 32;
  return word < categories[at]! ? (categories[at + 1 + Math.trunc(word)]! >>> (value & 31)) & 1 : 0;
}

function objectiveOf(of: Part): Objective {
  const objective = OBJECTIVES.find((known) => known === of.value);
  if (objective === undefined)
    throw wrongPart(of, JSON.stringify(of.value), `one of ${OBJECTIVES.join(', ')}`);
  return objective;
}

function featuresOf(parameters: Part): number {
  const of = part(parameters, 'num_feature');
  const features = countOf(of);
  if (features < 1 || features > MOST_FEATURES)
    throw wrongPart(of, String(features), `1 to ${MOST_FEATURES}`);
  for (const [name, most] of [
    ['num_class', 1],
    ['num_target', 1],
  ] as const) {
    const found = partOf(parameters, name);
    if (found !== undefined && countOf(found) > most)
      throw wrongPart(found, String(found.value), 'one output');
  }
  return features;
}

function treesIn(model: Part): readonly Part[] {
  const of = part(model, 'trees');
  const trees = elementsOf(of);
  const expected = countOf(part(model, 'gbtree_model_param', 'num_trees'));
  if (trees.length !== expected)
    throw wrongPart(of, `${trees.length} trees`, `${expected}, as num_trees says`);
  if (trees.length < 1 || trees.length > MOST_TREES)
    throw wrongPart(of, `${trees.length} trees`, `1 to ${MOST_TREES}`);
  // Each tree belongs to the one output.
  wholesOf(part(model, 'tree_info'), trees.length, 0, 0);
  return trees;
}

/** Version 3 may write it as a list of one. It is written as a probability where the objective has one. */
function baseOf(parameters: Part, objective: Objective): number {
  const of = part(parameters, 'base_score');
  const text = textOf(of).replace(/^\[(.*)\]$/, '$1');
  const score = /^[-+]?(\d+\.?\d*|\.\d+)(E[-+]?\d+)?$/i.test(text) ? Math.fround(Number(text)) : NaN;
  const isRight = objective === 'binary:logistic' ? score > 0 && score < 1 : Number.isFinite(score);
  if (!isRight)
    throw wrongPart(
      of,
      JSON.stringify(of.value),
      objective === 'binary:logistic' ? 'a probability' : 'a number',
    );
  return objective === 'binary:logistic' ? Math.fround(-Math.log(1 / score - 1)) : score;
}
