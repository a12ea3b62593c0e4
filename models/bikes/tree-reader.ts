// One tree of a saved model, out of its parts: arrays of one number for each node, each number within its bounds.
import {
  countOf,
  fillFloats,
  fillWholes,
  lengthOf,
  part,
  partOf,
  wholesOf,
  wrongPart,
  type Numbers,
  type Part,
} from './saved-model.ts';

/** Of a leaf, which has no children. */
export const LEAF = -1;
const ANY = [-(2 ** 31), 2 ** 31 - 1] as const;
const BIT = [0, 1] as const;
/** Beyond, no data has so many; XGBoost's own bound would let a small file ask for all memory. */
const MOST_CATEGORIES = 65_536;

/** One tree as XGBoost numbers its nodes, which the next tree replaces: memory for each would take longer than reading it. */
export class TreeReader {
  of: Part = { value: undefined, path: '' };
  count = 0;
  readonly features: number;
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly parent: Int32Array;
  readonly feature: Int32Array;
  readonly condition: Float32Array;
  readonly defaultLeft: Int32Array;
  /** 1: the node splits by categories. */
  readonly kinds: Int32Array;
  /** All categories of the tree; those of a node that splits by them are `categoriesFrom` to `categoriesTo`. */
  categories: Numbers = [];
  readonly categoriesFrom: Int32Array;
  readonly categoriesTo: Int32Array;
  /** Where each node has its place in the list. */
  readonly places: Int32Array;
  readonly waiting: Int32Array;

  /** `most`: the nodes of the largest tree. */
  constructor(features: number, most: number) {
    const array = () => new Int32Array(most);
    this.features = features;
    this.condition = new Float32Array(most);
    [this.left, this.right, this.parent, this.feature] = [array(), array(), array(), array()];
    [this.defaultLeft, this.kinds, this.categoriesFrom] = [array(), array(), array()];
    [this.categoriesTo, this.places, this.waiting] = [array(), array(), array()];
  }

  read(of: Part): void {
    const count = nodeCount(of);
    [this.of, this.count] = [of, count];
    const own = countOf(part(of, 'tree_param', 'num_feature'));
    if (own !== this.features)
      throw wrongPart(part(of, 'tree_param', 'num_feature'), String(own), String(this.features));
    const children = [LEAF, count - 1] as const;
    fillWholes(part(of, 'left_children'), count, children, this.left);
    fillWholes(part(of, 'right_children'), count, children, this.right);
    fillWholes(part(of, 'parents'), count, ANY, this.parent);
    fillWholes(part(of, 'split_indices'), count, ANY, this.feature);
    fillFloats(part(of, 'split_conditions'), count, this.condition);
    fillWholes(part(of, 'default_left'), count, BIT, this.defaultLeft);
    const types = partOf(of, 'split_type');
    if (types === undefined) this.kinds.fill(0, 0, count);
    else fillWholes(types, count, BIT, this.kinds);
    this.#readCategories();
  }

  /** The categories that go right, for each node that splits by categories: `kinds` says 1 of the same nodes. */
  #readCategories(): void {
    const { of, count, kinds } = this;
    let expected = 0;
    for (let node = 0; node < count; node += 1) expected += kinds[node]!;
    const named = partOf(of, 'categories_nodes');
    const length = named === undefined ? 0 : lengthOf(named);
    if (length > 0) this.categoriesTo.fill(0, 0, count);
    const found = length > 0 ? this.#assignCategories(wholesOf(named!, length, 0, count - 1)) : 0;
    if (found !== expected || length !== expected)
      throw wrongPart(
        of,
        `categories for ${length} nodes`,
        `those for the ${expected} nodes of split_type 1`,
      );
  }

  /** Returns how many nodes of `split_type` 1 have some now. */
  #assignCategories(nodes: Numbers): number {
    const { of, kinds, categoriesFrom, categoriesTo } = this;
    this.categories = wholesOf(part(of, 'categories'), undefined, 0, MOST_CATEGORIES - 1);
    const all = this.categories.length;
    const starts = wholesOf(part(of, 'categories_segments'), nodes.length, 0, all);
    const sizes = wholesOf(part(of, 'categories_sizes'), nodes.length, 1, all);
    let [end, assigned] = [0, 0];
    for (let index = 0; index < nodes.length; index += 1) {
      const node = nodes[index]!;
      if (starts[index] !== end)
        throw wrongPart(part(of, 'categories_segments'), `${starts[index]}`, `${end}`);
      // A size is 1 at least, so a node that was assigned some ends beyond 0.
      if (kinds[node] === 1 && categoriesTo[node] === 0) assigned += 1;
      categoriesFrom[node] = end;
      end += sizes[index]!;
      categoriesTo[node] = end;
    }
    if (end !== all) throw wrongPart(part(of, 'categories'), `${all} categories`, `${end}`);
    return assigned;
  }
}

/** As many as the tree has, deleted ones included; no more than the bytes hold. */
export function nodeCount(of: Part): number {
  const count = countOf(part(of, 'tree_param', 'num_nodes'));
  if (count < 1) throw wrongPart(of, 'no node', 'a root');
  const children = part(of, 'left_children');
  const found = lengthOf(children);
  if (found !== count) throw wrongPart(children, `${found} elements`, `${count}`);
  const vector = partOf(part(of, 'tree_param'), 'size_leaf_vector');
  if (vector !== undefined && countOf(vector) > 1)
    throw wrongPart(vector, String(vector.value), 'leaves of one value');
  return count;
}
