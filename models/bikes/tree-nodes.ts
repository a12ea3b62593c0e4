// One tree of a saved model: checked to be a tree, and appended to the flat arrays in which children stand beside each other.
import {
  countOf,
  numbersOf,
  part,
  partOf,
  wholesOf,
  wrongPart,
  type Numbers,
  type Part,
} from './saved-model.ts';

const LEAF = -1;
/** XGBoost's number for the parent of the root. */
const NO_PARENT = 2 ** 31 - 1;
/** Beyond, no data has so many; XGBoost's own bound would let a small file ask for all memory. */
const MOST_CATEGORIES = 65_536;
const MOST_WORDS = 16_777_216;
const MOST_NODES = 50_000_000;

/** The flat arrays of all trees, filled from their front; see `Trees`. */
export class NodeList {
  readonly split: Int32Array;
  readonly left: Int32Array;
  readonly threshold: Float32Array;
  readonly categoriesAt: Int32Array;
  readonly #categories: number[] = [];
  #length = 0;

  constructor(trees: readonly Tree[]) {
    // A root stands alone, with an empty place beside it.
    const places = trees.reduce((sum, { left }) => sum + left.length + 1, 0);
    if (places > MOST_NODES)
      throw new Error(`the model is wrong: found ${places} nodes; expected at most ${MOST_NODES}`);
    this.split = new Int32Array(places).fill(LEAF);
    this.left = new Int32Array(places).fill(LEAF);
    this.threshold = new Float32Array(places);
    this.categoriesAt = new Int32Array(this.threshold.buffer);
  }

  /** Takes two places, and returns the first. */
  pair(): number {
    this.#length += 2;
    return this.#length - 2;
  }

  /** Returns where the categories begin, as `Trees` has them. */
  addCategories(categories: Numbers): number {
    const at = this.#categories.length;
    let most = 0;
    for (let index = 0; index < categories.length; index += 1) most = Math.max(most, categories[index]!);
    const words = (most >> 5) + 1;
    if (at + words >= MOST_WORDS)
      throw new Error(`the model is wrong: its categories need more than ${MOST_WORDS} words`);
    this.#categories.push(words);
    for (let word = 0; word < words; word += 1) this.#categories.push(0);
    for (let index = 0; index < categories.length; index += 1)
      this.#categories[at + 1 + (categories[index]! >> 5)]! |= 1 << (categories[index]! & 31);
    return at;
  }

  categories(): Uint32Array {
    return Uint32Array.from(this.#categories);
  }
}

/** One tree as XGBoost numbers its nodes; all arrays have the same length. */
export interface Tree {
  readonly of: Part;
  readonly features: number;
  readonly deleted: number;
  readonly left: Numbers;
  readonly right: Numbers;
  readonly parent: Numbers;
  readonly feature: Numbers;
  readonly condition: Numbers;
  readonly defaultLeft: Numbers;
  /** 1: the node splits by categories. */
  readonly kinds: Numbers;
  /** The categories of a node that splits by them. */
  readonly categories: ReadonlyMap<number, Numbers>;
}

/** Returns the root's place. Throws an `Error` that names the node that cannot be. */
export function appendTree(tree: Tree, list: NodeList): number {
  if (tree.parent[0] !== NO_PARENT && tree.parent[0] !== -1) throw nodeError(tree, 0, 'is no root');
  const root = list.pair();
  const places: number[] = [root];
  // Every node is reached once at most, since it names its parent, and a parent names two different children.
  const waiting = [0];
  let reached = 0;
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    reached += 1;
    const [left, right] = [tree.left[node]!, tree.right[node]!];
    if (left === LEAF && right === LEAF) {
      appendLeaf(tree, node, places[node]!, list);
      continue;
    }
    const children = appendSplit(tree, node, places[node]!, list);
    places[left] = children;
    places[right] = children + 1;
    waiting.push(right, left);
  }
  const expected = tree.left.length - tree.deleted;
  if (reached !== expected) throw wrongPart(tree.of, `${reached} nodes below the root`, String(expected));
  return root;
}

function nodeCount(of: Part): number {
  const count = countOf(part(of, 'tree_param', 'num_nodes'));
  if (count < 1) throw wrongPart(of, 'no node', 'a root');
  const vector = partOf(part(of, 'tree_param'), 'size_leaf_vector');
  if (vector !== undefined && countOf(vector) > 1)
    throw wrongPart(vector, String(vector.value), 'leaves of one value');
  return count;
}

/** The tree's arrays, whose lengths agree. */
export function readTree(of: Part, features: number): Tree {
  const count = nodeCount(of);
  const own = countOf(part(of, 'tree_param', 'num_feature'));
  if (own !== features) throw wrongPart(part(of, 'tree_param', 'num_feature'), String(own), String(features));
  const types = partOf(of, 'split_type');
  const kinds = types === undefined ? new Uint8Array(count) : wholesOf(types, count, 0, 1);
  const children = (name: string) => wholesOf(part(of, name), count, LEAF, count - 1);
  return {
    of,
    features,
    deleted: countOf(part(of, 'tree_param', 'num_deleted')),
    left: children('left_children'),
    right: children('right_children'),
    parent: numbersOf(part(of, 'parents'), count),
    feature: numbersOf(part(of, 'split_indices'), count),
    condition: numbersOf(part(of, 'split_conditions'), count),
    defaultLeft: wholesOf(part(of, 'default_left'), count, 0, 1),
    kinds,
    categories: categoriesOf(of, count, kinds),
  };
}

function appendLeaf(tree: Tree, node: number, at: number, list: NodeList): void {
  const value = tree.condition[node]!;
  if (!Number.isFinite(value)) throw nodeError(tree, node, `is a leaf of the value ${value}`);
  if (tree.kinds[node] === 1) throw nodeError(tree, node, 'is a leaf, and splits by categories');
  list.threshold[at] = value;
}

/** Returns the place of the left child. */
function appendSplit(tree: Tree, node: number, at: number, list: NodeList): number {
  const [left, right] = [tree.left[node]!, tree.right[node]!];
  if (left === LEAF || right === LEAF || left === right)
    throw nodeError(tree, node, `has the children ${left} and ${right}`);
  refuseForeign(tree, node, left);
  refuseForeign(tree, node, right);
  const feature = tree.feature[node]!;
  const categories = tree.kinds[node] === 1 ? tree.categories.get(node) : undefined;
  if (!Number.isInteger(feature) || feature < 0 || feature >= tree.features)
    throw nodeError(tree, node, `splits by feature ${feature} of ${tree.features}`);
  const children = list.pair();
  list.left[at] = children;
  list.split[at] = feature * 4 + (tree.defaultLeft[node] === 1 ? 0 : 1) + (categories === undefined ? 0 : 2);
  if (categories !== undefined) list.categoriesAt[at] = list.addCategories(categories);
  else if (Number.isNaN(tree.condition[node]!)) throw nodeError(tree, node, 'has the threshold NaN');
  else list.threshold[at] = tree.condition[node]!;
  return children;
}

function refuseForeign(tree: Tree, node: number, child: number): void {
  if (child === 0 || tree.parent[child] !== node)
    throw nodeError(tree, child, `names the parent ${tree.parent[child]}, and is a child of ${node}`);
}

/** The categories that go right, for each node that splits by categories: `kinds` says 1 of the same nodes. */
function categoriesOf(of: Part, count: number, kinds: Numbers): ReadonlyMap<number, Numbers> {
  const own = new Map<number, Numbers>();
  const named = partOf(of, 'categories_nodes');
  const nodes = named === undefined ? [] : wholesOf(named, undefined, 0, count - 1);
  if (nodes.length > 0) {
    const all = Array.from(wholesOf(part(of, 'categories'), undefined, 0, MOST_CATEGORIES - 1));
    const starts = wholesOf(part(of, 'categories_segments'), nodes.length, 0, all.length);
    const sizes = wholesOf(part(of, 'categories_sizes'), nodes.length, 1, all.length);
    let end = 0;
    for (let index = 0; index < nodes.length; index += 1) {
      if (starts[index] !== end)
        throw wrongPart(part(of, 'categories_segments'), `${starts[index]}`, `${end}`);
      end += sizes[index]!;
      own.set(nodes[index]!, all.slice(starts[index], end));
    }
    if (end !== all.length) throw wrongPart(part(of, 'categories'), `${all.length} categories`, `${end}`);
  }
  let byCategories = 0;
  for (let node = 0; node < count; node += 1) byCategories += kinds[node]!;
  if (byCategories !== own.size || [...own.keys()].some((node) => kinds[node] !== 1))
    throw wrongPart(
      of,
      `categories for ${own.size} nodes`,
      `those for the ${byCategories} nodes of split_type 1`,
    );
  return own;
}

const nodeError = ({ of }: Tree, node: number, what: string): Error =>
  new Error(`the model is wrong: ${of.path}: node ${node} ${what}`);
