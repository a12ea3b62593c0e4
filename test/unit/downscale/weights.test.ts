// The weights of a mix: those of least error, never negative, and none for a method that adds nothing.
import assert from 'node:assert/strict';
import test from 'node:test';
import type { Fields } from '../../../models/downscale/field.ts';
import type { Held } from '../../../models/downscale/validation.ts';
import { bestWeights } from '../../../models/downscale/weights.ts';

const fields = (values: readonly number[]): Fields => ({
  rows: 1,
  columns: values.length,
  hours: [0],
  values: Float32Array.from(values),
});
const held = (truth: readonly number[], ...predictions: readonly (readonly number[])[]): Held => ({
  block: { train: [0, 0], held: [0, 1] },
  truth: fields(truth),
  predictions: predictions.map(fields),
  ofInput: [],
});
const near = (found: readonly number[], expected: readonly number[]) =>
  found.forEach((value, at) =>
    assert.ok(Math.abs(value - expected[at]!) < 1e-6, `${found.join(', ')}, expected ${expected.join(', ')}`),
  );

test('two methods with independent errors are weighted by the inverse of their squares', () => {
  // Errors 1, -1, 1, -1 and 2, 2, -2, -2.
  near(bestWeights([held([0, 0, 0, 0], [1, -1, 1, -1], [2, 2, -2, -2])], [0, 1]), [0.8, 0.2]);
});

test('a method that would have a negative weight is left out', () => {
  // The second has the errors of the first, twice.
  near(bestWeights([held([0, 0], [1, -1], [2, -2])], [0, 1]), [1, 0]);
});

test('only members are mixed, and two that are the same share', () => {
  const block = held([0, 0, 0, 0], [0, 0, 0, 0], [1, -1, 1, -1], [1, -1, 1, -1]);
  const weights = bestWeights([block], [1, 2]);
  assert.equal(weights[0], 0);
  assert.ok(Math.abs(weights[1]! + weights[2]! - 1) < 1e-9);
});

test('cells without a value do not count, and without any block the last member is taken', () => {
  near(bestWeights([held([NaN, 0, 0], [5, 1, -1], [5, 2, 2])], [0, 1]), [0.8, 0.2]);
  assert.deepEqual(bestWeights([], [0, 2]), [0, 0, 1]);
});

test('more methods than subsets can be tried for are refused', () => {
  assert.throws(() => bestWeights([], [0, 1, 2, 3, 4, 5, 6, 7, 8]), /9 methods/);
});
