// The trees of a saved model: each checked to be a tree, and appended to the flat arrays in which children stand beside each other.
import { countOf, part, wrongPart, type Numbers } from './saved-model.ts';
import { LEAF, type TreeReader } from './tree-reader.ts';

/** XGBoost's number for the parent of the root. */
const NO_PARENT = 2 ** 31 - 1;
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

  /** `sizes`: the nodes of each tree. */
  constructor(sizes: readonly number[]) {
    // A root stands alone, with an empty place beside it.
    const places = sizes.reduce((sum, nodes) => sum + nodes + 1, 0);
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

  /** Those from `from` to `to`. Returns where they begin, as `Trees` has them. */
  addCategories(categories: Numbers, from: number, to: number): number {
    const at = this.#categories.length;
    let most = 0;
    for (let index = from; index < to; index += 1) most = Math.max(most, categories[index]!);
    const words = (most >> 5) + 1;
    if (at + words >= MOST_WORDS)
      throw new Error(`the model is wrong: its categories need more than ${MOST_WORDS} words`);
    this.#categories.push(words);
    for (let word = 0; word < words; word += 1) this.#categories.push(0);
    for (let index = from; index < to; index += 1)
      this.#categories[at + 1 + (categories[index]! >> 5)]! |= 1 << (categories[index]! & 31);
    return at;
  }

  categories(): Uint32Array {
    return Uint32Array.from(this.#categories);
  }
}

/** Appends the tree that was read, and returns its root's place. Throws an `Error` that names the node that cannot be. */
export function appendTree(tree: TreeReader, list: NodeList): number {
  const { left: lefts, right: rights, places, waiting } = tree;
  if (tree.parent[0] !== NO_PARENT && tree.parent[0] !== -1) throw nodeError(tree, 0, 'is no root');
  const root = list.pair();
  places[0] = root;
  // Every node is reached once at most, since it names its parent, and a parent names two different children.
  let [reached, waits] = [0, 1];
  waiting[0] = 0;
  while (waits > 0) {
    waits -= 1;
    reached += 1;
    const node = waiting[waits]!;
    // Apart, as are those of a split: an array for each node would take longer than its place.
    const left = lefts[node]!;
    const right = rights[node]!;
    if (left === LEAF && right === LEAF) {
      appendLeaf(tree, node, places[node]!, list);
      continue;
    }
    const children = appendSplit(tree, node, places[node]!, list);
    places[left] = children;
    places[right] = children + 1;
    waiting[waits] = right;
    waiting[waits + 1] = left;
    waits += 2;
  }
  const expected = tree.count - countOf(part(tree.of, 'tree_param', 'num_deleted'));
  if (reached !== expected) throw wrongPart(tree.of, `${reached} nodes below the root`, String(expected));
  return root;
}

function appendLeaf(tree: TreeReader, node: number, at: number, list: NodeList): void {
  const value = tree.condition[node]!;
  if (!Number.isFinite(value)) throw nodeError(tree, node, `is a leaf of the value ${value}`);
  if (tree.kinds[node] === 1) throw nodeError(tree, node, 'is a leaf, and splits by categories');
  list.threshold[at] = value;
}

/** Returns the place of the left child. */
function appendSplit(tree: TreeReader, node: number, at: number, list: NodeList): number {
  const left = tree.left[node]!;
  const right = tree.right[node]!;
  if (left === LEAF || right === LEAF || left === right)
    throw nodeError(tree, node, `has the children ${left} and ${right}`);
  refuseForeign(tree, node, left);
  refuseForeign(tree, node, right);
  const feature = tree.feature[node]!;
  if (feature < 0 || feature >= tree.features)
    throw nodeError(tree, node, `splits by feature ${feature} of ${tree.features}`);
  const children = list.pair();
  list.left[at] = children;
  const byCategories = tree.kinds[node]!;
  list.split[at] = feature * 4 + (1 - tree.defaultLeft[node]!) + byCategories * 2;
  if (byCategories === 1)
    list.categoriesAt[at] = list.addCategories(
      tree.categories,
      tree.categoriesFrom[node]!,
      tree.categoriesTo[node]!,
    );
  else if (Number.isNaN(tree.condition[node]!)) throw nodeError(tree, node, 'has the threshold NaN');
  else list.threshold[at] = tree.condition[node]!;
  return children;
}

function refuseForeign(tree: TreeReader, node: number, child: number): void {
  if (child === 0 || tree.parent[child] !== node)
    throw nodeError(tree, child, `names the parent ${tree.parent[child]}, and is a child of ${node}`);
}

const nodeError = ({ of }: TreeReader, node: number, what: string): Error =>
  new Error(`the model is wrong: ${of.path}: node ${node} ${what}`);
