// Trees evaluated in TypeScript against XGBoost itself, and models that are broken at any byte.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openModel } from '../../../models/bikes/saved-model.ts';
import { parseTrees, predictTrees } from '../../../models/bikes/trees.ts';
import { PackedNumbers } from '../../../models/bikes/ubjson.ts';
import { xgboostHere } from '../../jobs/xgboost/installed.ts';
import { CATEGORIES, COLUMNS, FOREST, GBT, rowsOf, train, type Parameters } from './trained.ts';

const BASE_SCORE = /"base_score":"([^"]+)"/;
const sigmoid = (margin: number) => 1 / (1 + Math.exp(-margin));
const CLASS = { objective: 'binary:logistic' };
const ONE_HOT = { max_cat_to_onehot: 1000 };
const PARTITION = { max_cat_to_onehot: 1 };

const SORTS: readonly (readonly [name: string, parameters: Parameters, rounds: number])[] = [
  ['gradient boosting, categories one by one', { ...GBT, ...ONE_HOT }, 30],
  ['gradient boosting, categories in parts', { ...GBT, ...PARTITION }, 30],
  ['a random forest', { ...FOREST, ...PARTITION }, 1],
  ['boosted forests', { ...FOREST, ...PARTITION, eta: 0.3 }, 4],
  ['a class', { ...GBT, ...CLASS, ...PARTITION }, 30],
  ['a class by a random forest', { ...FOREST, ...CLASS }, 1],
  ['a class whose base score is no half', { ...GBT, ...CLASS, base_score: 0.3 }, 5],
  ['a base score far from 0', { ...GBT, base_score: 1234.5 }, 5],
  ['a tree of one leaf', { ...GBT, gamma: 1e9 }, 3],
];

describe('trees give what XGBoost gives', xgboostHere, () => {
  for (const [name, parameters, rounds] of SORTS) {
    test(`for ${name}`, () => {
      // Twice as many categories as in training, and values that are missing.
      compare(parameters, rounds, rowsOf(5000, 11, 2 * CATEGORIES));
    });
  }

  test('on 100,000 rows', () => compare({ ...GBT, ...PARTITION, max_depth: 8 }, 100, rowsOf(100_000, 12)));

  test('for values that are no categories, very large, or exactly a threshold', () => {
    const model = train({ ...GBT, ...PARTITION }, 20);
    const { threshold, split } = parseTrees(model.saved);
    const numbers = [...threshold].filter((_value, node) => split[node]! >= 0 && (split[node]! & 2) === 0);
    const odd = [3.4e38, 0.5, 31.99, 32, 63, 64, 1e6, 16_777_216, 3e9, ...numbers];
    const values = new Float32Array(odd.flatMap((value) => [Math.abs(value), value, value, value]));
    agree(predictTrees(parseTrees(model.saved), values, odd.length), model.predict(values));
    model.close();
  });

  test('saved as JSON', () => {
    const model = train({ ...GBT, ...PARTITION }, 20);
    const values = rowsOf(500, 13);
    const trees = parseTrees(new TextEncoder().encode(asJson(openModel(model.saved).value)));
    agree(predictTrees(trees, values, 500), model.predict(values));
    model.close();
  });

  test('with the base score as version 3 may write it, a list of one', () => {
    const model = train(GBT, 3);
    const json = asJson(openModel(model.saved).value).replace(BASE_SCORE, '"base_score":"[$1]"');
    assert.match(json, /"base_score":"\[.+\]"/);
    const values = rowsOf(50, 13);
    agree(predictTrees(parseTrees(new TextEncoder().encode(json)), values, 50), model.predict(values));
    model.close();
  });
});

describe('a broken model is refused', xgboostHere, () => {
  test('cut off at any byte', () => {
    const { saved, close } = train({ ...GBT, ...PARTITION, max_depth: 3 }, 2);
    for (let length = 0; length < saved.length; length += 1)
      assert.throws(
        () => parseTrees(saved.subarray(0, length)),
        /the model is (wrong|neither)/,
        `${length} bytes`,
      );
    close();
  });

  test('with bytes after its end', () => {
    const { saved, close } = train(GBT, 1);
    assert.throws(() => parseTrees(Buffer.concat([saved, Buffer.from('x')])), /expected the end/);
    close();
  });

  test('or, with any byte changed, still ends, and gives finite numbers', () => {
    const { saved, close } = train({ ...GBT, ...PARTITION, max_depth: 3 }, 2);
    const values = rowsOf(20, 5, 2 * CATEGORIES);
    let refused = 0;
    for (let at = 0; at < saved.length; at += 1)
      for (const flip of [0x01, 0x80, 0xff]) {
        const changed = Uint8Array.from(saved);
        changed[at]! ^= flip;
        const trees = parsed(changed);
        if (trees === undefined) refused += 1;
        else assert.ok(predictTrees(trees, values, 20).every((value) => Number.isFinite(value)));
      }
    assert.ok(refused > saved.length, `${refused} of ${3 * saved.length} are refused`);
    close();
  });

  const impossible: readonly (readonly [
    what: string,
    name: string,
    change: (values: number[]) => void,
    message: RegExp,
  ])[] = [
    ['a child out of range', 'left_children', (all) => (all[0] = 1000), /left_children\[0\]: found 1000/],
    ['a child below -1', 'right_children', (all) => (all[0] = -2), /right_children\[0\]: found -2/],
    ['one child', 'right_children', (all) => (all[0] = -1), /node 0 has the children 1 and -1/],
    ['the same child twice', 'right_children', (all) => (all[0] = 1), /node 0 has the children 1 and 1/],
    ['a circle', 'left_children', (all) => (all[1] = 0), /node 0 names the parent/],
    ['another parent', 'parents', (all) => (all[2] = 1), /node 2 names the parent 1, and is a child of 0/],
    ['a root with a parent', 'parents', (all) => (all[0] = 1), /node 0 is no root/],
    ['nodes that nothing leads to', 'left_children', cutOff, /nodes below the root/],
    ['a feature out of range', 'split_indices', (all) => (all[0] = 4), /node 0 splits by feature 4 of 4/],
    ['a negative feature', 'split_indices', (all) => (all[0] = -1), /node 0 splits by feature -1 of 4/],
    ['a threshold that is no number', 'split_conditions', (all) => all.fill(NaN), /NaN/],
    [
      'a leaf that is infinite',
      'split_conditions',
      (all) => all.fill(Infinity),
      /is a leaf of the value Infinity/,
    ],
    ['a default that is no side', 'default_left', (all) => (all[0] = 2), /default_left\[0\]: found 2/],
    [
      'fewer thresholds than nodes',
      'split_conditions',
      (all) => all.pop(),
      /split_conditions: found \d+ elements/,
    ],
    ['more parents than nodes', 'parents', (all) => all.push(0), /parents: found \d+ elements/],
    ['categories for a node that has none', 'split_type', (all) => (all[0] = 1 - all[0]!), /split_type 1/],
    ['categories out of range', 'categories', (all) => (all[0] = 1e9), /categories\[0\]: found 1000000000/],
    ['lengths of categories that do not agree', 'categories_sizes', (all) => (all[0]! += 1), /categor/],
  ];
  for (const [what, name, change, message] of impossible) {
    test(`with ${what}`, () => {
      const { saved, close } = train({ ...GBT, ...PARTITION, max_depth: 4 }, 2);
      const json = asJson(openModel(saved).value, (tree) => {
        const values = Array.from(tree[name] as ArrayLike<number>);
        change(values);
        tree[name] = values;
        if (what.startsWith('nodes that'))
          tree['right_children'] = values.map((left) => (left === -1 ? -1 : left + 1));
      });
      assert.throws(() => parseTrees(new TextEncoder().encode(json)), message);
      close();
    });
  }

  test('of another objective, of several classes, or of another booster', () => {
    const other = train({ ...GBT, objective: 'reg:pseudohubererror' }, 1, 200);
    assert.throws(() => parseTrees(other.saved), /objective.name: found "reg:pseudohubererror"/);
    other.close();
    const { saved, close } = train(GBT, 1);
    const json = asJson(openModel(saved).value);
    const refused = (from: string | RegExp, to: string) => () =>
      parseTrees(new TextEncoder().encode(json.replace(from, to)));
    assert.throws(refused('"num_class":"0"', '"num_class":"3"'), /num_class: found 3/);
    assert.throws(refused('"name":"gbtree"', '"name":"dart"'), /found "dart"; expected "gbtree"/);
    assert.throws(refused('"num_trees":"1"', '"num_trees":"2"'), /1 trees; expected 2/);
    assert.throws(refused(BASE_SCORE, '"base_score":"x"'), /base_score/);
    close();
  });

  test('that is empty, a text, or lengths beyond any memory', () => {
    for (const text of [
      '',
      '{}',
      '[]',
      'null',
      'hello',
      '{"learner":{}}',
      '[$d#L\x7f\xff\xff\xff\xff\xff\xff\xff',
      '['.repeat(1000),
    ])
      assert.throws(() => parseTrees(Buffer.from(text, 'latin1')), /the model is (wrong|neither)/, text);
  });
});

test('fewer values than rows are refused', xgboostHere, () => {
  const { saved, close } = train(GBT, 1);
  assert.throws(
    () => predictTrees(parseTrees(saved), new Float32Array(COLUMNS.length), 2),
    /2 rows of 4 features need 8 values, found 4/,
  );
  close();
});

function cutOff(all: number[]): void {
  all.fill(-1);
}

function parsed(bytes: Uint8Array) {
  try {
    return parseTrees(bytes);
  } catch (error) {
    assert.match((error as Error).message, /^the model is (wrong|neither)/);
    return undefined;
  }
}

function compare(parameters: Parameters, rounds: number, values: Float32Array): void {
  const model = train(parameters, rounds);
  const rows = values.length / COLUMNS.length;
  const margins = predictTrees(parseTrees(model.saved), values, rows);
  agree(
    parameters['objective'] === 'binary:logistic' ? margins.map(sigmoid) : margins,
    model.predict(values),
  );
  model.close();
}

function agree(own: Float64Array, theirs: Float32Array): void {
  assert.equal(own.length, theirs.length);
  for (let row = 0; row < own.length; row += 1) {
    const expected = theirs[row]!;
    const off = Math.abs(own[row]! - expected);
    assert.ok(
      off <= 1e-5 * Math.max(1, Math.abs(expected)),
      `row ${row}: ${own[row]}, by XGBoost ${expected}`,
    );
  }
}

type Tree = Record<string, unknown>;

/** As XGBoost writes JSON, with its NaN, after a change of the first tree. */
function asJson(model: unknown, change: (tree: Tree) => void = () => undefined): string {
  const text = JSON.stringify(model, (_key, value: unknown) =>
    value instanceof PackedNumbers ? Array.from(value.unpacked(), inJson) : value,
  );
  const copy = JSON.parse(text) as { learner: { gradient_booster: { model: { trees: Tree[] } } } };
  const [first] = copy.learner.gradient_booster.model.trees;
  if (first === undefined) throw new Error('the model has no tree');
  for (const name of Object.keys(first)) {
    const values = first[name];
    if (Array.isArray(values)) first[name] = values.map((value) => (value === 'NaN' ? NaN : Number(value)));
  }
  change(first);
  return JSON.stringify(copy, (_key, value: unknown) => (typeof value === 'number' ? inJson(value) : value))
    .replaceAll('"NaN"', 'NaN')
    .replaceAll('"Infinity"', '1e999');
}

const inJson = (value: number) => (Number.isFinite(value) ? value : String(value));
