// The solver of symmetric systems: its solutions solve, and a matrix that it cannot factorise is named.
import assert from 'node:assert/strict';
import test from 'node:test';
import { factorise, solveFactorised } from '../../../models/downscale/cholesky.ts';

test('two right sides are solved', () => {
  const matrix = Float64Array.of(4, 2, 1, 2, 5, 3, 1, 3, 6);
  const factor = matrix.slice();
  factorise(factor, 3);
  const sides = Float64Array.of(1, 2, 3, -1, 0, 7);
  const solved = sides.slice();
  solveFactorised(factor, 3, solved, 2);
  for (let side = 0; side < 2; side++)
    for (let row = 0; row < 3; row++) {
      let sum = 0;
      for (let column = 0; column < 3; column++)
        sum += matrix[row * 3 + column]! * solved[side * 3 + column]!;
      assert.ok(Math.abs(sum - sides[side * 3 + row]!) < 1e-12);
    }
});

test('a matrix that is not positive definite is refused with its row', () => {
  assert.throws(() => factorise(Float64Array.of(1, 2, 2, 1), 2), /not positive definite at row 1/);
});
