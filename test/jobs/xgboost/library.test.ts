// The room over the C library: what goes in comes out, failures are named, and nothing is used after it was freed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { XgboostError, XgboostMissing } from '../../../shared/xgboost/errors.ts';
import { openXgboost } from '../../../shared/xgboost/library.ts';
import type { DenseBlock } from '../../../shared/xgboost/matrix.ts';
import { xgboostHere } from './installed.ts';

const SETTINGS = { tree_method: 'hist', max_depth: 4, eta: 0.3, nthread: 1, seed: 7, max_cat_to_onehot: 1 };

test('the first line of a missing library’s error says how to install it', () => {
  assert.throws(
    () => openXgboost('/nowhere/libxgboost.so'),
    (error) =>
      error instanceof XgboostMissing &&
      /apt-get install libxgboost0.*brew install xgboost/.test(error.message.split('\n')[0]!) &&
      error.message.includes('/nowhere/libxgboost.so'),
  );
});

test(
  'a booster learns a category, a quantity and a missing value, and its saved model predicts the same',
  xgboostHere,
  () => {
    const xgboost = openXgboost(process.env['XGBOOST_LIBRARY']);
    assert.match(xgboost.version, /^\d+\.\d+\.\d+$/);
    const block = threeRules(600);
    using matrix = xgboost.matrix(block);
    using booster = xgboost.booster(matrix, SETTINGS);
    booster.train(matrix, 0, 30);
    const predicted = booster.predict(matrix);
    assert.ok(predicted.every((value, row) => Math.abs(value - block.labels![row]!) < 0.05));

    const model = booster.save();
    using restored = xgboost.booster(undefined, { nthread: 1 });
    restored.load(model);
    assert.deepEqual(restored.predict(matrix), predicted);
    booster.train(matrix, 30, 31);
    assert.notDeepEqual(booster.save(), model);
  },
);

test('shared memory and ordinary memory give the same model, byte for byte', xgboostHere, () => {
  const xgboost = openXgboost(process.env['XGBOOST_LIBRARY']);
  const block = threeRules(400);
  const shared = new Float32Array(new SharedArrayBuffer(block.values.byteLength));
  shared.set(block.values);
  const models = [block, { ...block, values: shared }].map((each) => {
    using matrix = xgboost.matrix(each);
    using booster = xgboost.booster(matrix, SETTINGS);
    booster.train(matrix, 0, 5);
    return booster.save();
  });
  assert.deepEqual(models[0], models[1]);
});

test('weights change what is learned', xgboostHere, () => {
  const xgboost = openXgboost(process.env['XGBOOST_LIBRARY']);
  const predictedWith = (weights: Float32Array): number => {
    const values = new Float32Array(2).fill(1);
    using matrix = xgboost.matrix({ values, rows: 2, columns: 1, labels: Float32Array.of(0, 10), weights });
    using booster = xgboost.booster(matrix, { ...SETTINGS, eta: 1, lambda: 0 });
    booster.train(matrix, 0, 1);
    return booster.predict(matrix)[0]!;
  };
  assert.ok(Math.abs(predictedWith(Float32Array.of(1, 1)) - 5) < 1e-4);
  assert.ok(Math.abs(predictedWith(Float32Array.of(1, 3)) - 7.5) < 1e-4);
});

test('a refusal of the library names the call and says why, without its stack trace', xgboostHere, () => {
  const xgboost = openXgboost(process.env['XGBOOST_LIBRARY']);
  using matrix = xgboost.matrix(threeRules(10));
  using booster = xgboost.booster(matrix, { objective: 'no-such-objective', nthread: 1 });
  assert.throws(
    () => booster.train(matrix, 0, 1),
    (error) =>
      error instanceof XgboostError &&
      error.call === 'XGBoosterUpdateOneIter' &&
      error.message.startsWith('XGBoosterUpdateOneIter failed: Unknown objective function') &&
      !error.message.includes('Stack trace'),
  );
});

test('sizes that do not fit are refused before the library reads past the end', xgboostHere, () => {
  const xgboost = openXgboost(process.env['XGBOOST_LIBRARY']);
  const values = new Float32Array(6);
  assert.throws(() => xgboost.matrix({ values, rows: 4, columns: 2 }), /4 rows of 2 columns need 8 values/);
  assert.throws(
    () => xgboost.matrix({ values, rows: 3, columns: 2, labels: new Float32Array(2) }),
    RangeError,
  );
  assert.throws(() => xgboost.matrix({ values, rows: 3, columns: 2, featureTypes: ['q'] }), RangeError);
  assert.throws(() => xgboost.matrix({ values, rows: 0, columns: 2 }), RangeError);
});

test('what was freed cannot be used, and may be freed twice', xgboostHere, () => {
  const xgboost = openXgboost(process.env['XGBOOST_LIBRARY']);
  const matrix = xgboost.matrix(threeRules(10));
  const booster = xgboost.booster(matrix, SETTINGS);
  matrix[Symbol.dispose]();
  matrix[Symbol.dispose]();
  assert.throws(() => booster.train(matrix, 0, 1), /matrix was freed/);
  booster[Symbol.dispose]();
  booster[Symbol.dispose]();
  assert.throws(() => booster.save(), /booster was freed/);
});

/** Label: 3 for the odd categories, plus 1 when the quantity is above one half, plus 5 when it is missing. */
function threeRules(rows: number): DenseBlock {
  const values = new Float32Array(rows * 2);
  const labels = new Float32Array(rows);
  for (let row = 0; row < rows; row += 1) {
    const category = (row * 7) % 11;
    const quantity = row % 5 === 0 ? Number.NaN : ((row * 13) % 29) / 29;
    values.set([category, quantity], row * 2);
    labels[row] = (category % 2) * 3 + (Number.isNaN(quantity) ? 5 : Number(quantity > 0.5));
  }
  return { values, rows, columns: 2, labels, featureTypes: ['c', 'q'] };
}
