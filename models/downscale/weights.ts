// How much of each method a mix takes: weights of 0 or more whose sum is 1, with the least squared error.
// Below 0 they would follow the noise of the held-out blocks: on a short training such a mix was worse than interpolation.
import { factorise, solveFactorised } from './cholesky.ts';
import type { Held } from './validation.ts';

/** Every subset is tried, so there are few. */
const MOST_METHODS = 8;
/** A method that would be less of the mix is not worth its time. */
const LEAST_WEIGHT = 0.03;

/** Of the methods that `members` names; 0 for all others. Without any held-out block the last member is taken alone. */
export function bestWeights(held: readonly Held[], members: readonly number[]): number[] {
  if (members.length === 0 || members.length > MOST_METHODS)
    throw new RangeError(`${members.length} methods to mix; expected 1 to ${MOST_METHODS}`);
  const count = Math.max(...members, ...held.map(({ predictions }) => predictions.length - 1)) + 1;
  const weights = new Array<number>(count).fill(0);
  const products = errorProducts(held, members);
  if (products.every((value) => value === 0)) {
    weights[members.at(-1)!] = 1;
    return weights;
  }
  const best = bestSubset(products, members.length);
  members.forEach((member, at) => (weights[member] = best[at]!));
  return weights;
}

/** Of the errors of every two members, summed over all cells and times of all blocks; row by row. */
function errorProducts(held: readonly Held[], members: readonly number[]): Float64Array {
  const count = members.length;
  const products = new Float64Array(count * count);
  const errors = new Float64Array(count);
  for (const { truth, predictions } of held)
    for (let at = 0; at < truth.values.length; at++) {
      members.forEach((member, index) => {
        errors[index] = predictions[member]!.values[at]! - truth.values[at]!;
      });
      if (errors.some(Number.isNaN)) continue;
      for (let row = 0; row < count; row++)
        for (let column = 0; column < count; column++)
          products[row * count + column]! += errors[row]! * errors[column]!;
    }
  return products;
}

function bestSubset(products: Float64Array, count: number): readonly number[] {
  let best: { readonly error: number; readonly weights: readonly number[] } | undefined;
  for (let subset = 1; subset < 1 << count; subset++) {
    const chosen = Array.from({ length: count }, (_, at) => at).filter((at) => (subset >> at) & 1);
    const shares = sharesOf(products, count, chosen);
    if (!shares.every((share) => share >= LEAST_WEIGHT)) continue;
    const weights = new Array<number>(count).fill(0);
    chosen.forEach((member, at) => (weights[member] = shares[at]!));
    const error = weights.reduce(
      (sum, one, row) =>
        sum +
        one * weights.reduce((line, other, column) => line + other * products[row * count + column]!, 0),
      0,
    );
    if (best === undefined || error < best.error) best = { error, weights };
  }
  // One method alone always has a share of 1.
  return best!.weights;
}

/** The least of w'Pw where the sum of w is 1: proportional to the inverse of P times ones. */
function sharesOf(products: Float64Array, count: number, chosen: readonly number[]): number[] {
  if (chosen.length === 1) return [1];
  const size = chosen.length;
  const matrix = Float64Array.from({ length: size * size }, (_, at) => {
    const [row, column] = [chosen[Math.floor(at / size)]!, chosen[at % size]!];
    // Two methods that are the same have no single solution; a little more on the diagonal gives halves.
    return products[row * count + column]! * (row === column ? 1 + 1e-9 : 1);
  });
  const sides = new Float64Array(size).fill(1);
  try {
    factorise(matrix, size);
  } catch {
    return [NaN];
  }
  solveFactorised(matrix, size, sides, 1);
  const sum = sides.reduce((total, value) => total + value, 0);
  return Array.from(sides, (value) => value / sum);
}
