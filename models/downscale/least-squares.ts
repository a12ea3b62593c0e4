// Ridge regression by its normal equations, which are summed over as many sets of rows as there are.
import { factorise, solveFactorised } from './cholesky.ts';
import type { Features } from './window.ts';

export class LeastSquares {
  readonly #count: number;
  readonly #products: Float64Array;
  readonly #sides = new Map<number, Float64Array>();

  constructor(features: number) {
    this.#count = features;
    this.#products = new Float64Array(features * features);
  }

  /** Only the lower half is summed, which is all that the factorisation reads. */
  addRows({ values }: Features): void {
    const [count, products] = [this.#count, this.#products];
    for (let start = 0; start < values.length; start += count)
      for (let row = 0; row < count; row++) {
        const factor = values[start + row]!;
        if (factor === 0) continue;
        for (let column = 0; column <= row; column++)
          products[row * count + column]! += factor * values[start + column]!;
      }
  }

  /** Adds what one output must be on the same rows; `targets` from `from` on, one for each row. */
  addTargets(output: number, { values }: Features, targets: Float64Array, from: number): void {
    const count = this.#count;
    let side = this.#sides.get(output);
    if (side === undefined) this.#sides.set(output, (side = new Float64Array(count)));
    for (let row = 0; row < values.length / count; row++) {
      const target = targets[from + row]!;
      for (let at = 0; at < count; at++) side[at]! += target * values[row * count + at]!;
    }
  }

  /** The weights of each output. `strength` holds them near 0. */
  solve(strength: number): ReadonlyMap<number, Float64Array> {
    for (let at = 0; at < this.#count; at++) this.#products[at * this.#count + at]! += strength;
    factorise(this.#products, this.#count);
    for (const side of this.#sides.values()) solveFactorised(this.#products, this.#count, side, 1);
    return this.#sides;
  }
}
