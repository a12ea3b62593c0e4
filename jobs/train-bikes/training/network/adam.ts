// Adam: steps of stochastic gradient descent, each weight at its own pace; and the running mean of the weights.

export class Adam {
  readonly #weights: Float32Array;
  readonly #first: Float32Array;
  readonly #second: Float32Array;
  readonly #kept: Float32Array;
  readonly #keep: number;
  #steps = 0;

  /** `keep`: how much of the running mean each step leaves. */
  constructor(weights: Float32Array, keep: number) {
    this.#weights = weights;
    this.#first = new Float32Array(weights.length);
    this.#second = new Float32Array(weights.length);
    this.#kept = new Float32Array(weights.length);
    this.#keep = keep;
  }

  /** Moves the weights against the gradient, and sets it to zero. */
  step(gradient: Float32Array, rate: number): void {
    this.#steps += 1;
    const [weights, first, second, kept, keep] = [
      this.#weights,
      this.#first,
      this.#second,
      this.#kept,
      this.#keep,
    ];
    const firstPart = 1 / (1 - 0.9 ** this.#steps);
    const secondPart = 1 / (1 - 0.999 ** this.#steps);
    for (let at = 0; at < weights.length; at += 1) {
      const slope = gradient[at]!;
      const one = (first[at] = 0.9 * first[at]! + 0.1 * slope);
      const two = (second[at] = 0.999 * second[at]! + 0.001 * slope * slope);
      const weight = weights[at]! - (rate * one * firstPart) / (Math.sqrt(two * secondPart) + 1e-8);
      weights[at] = weight;
      kept[at] = keep * kept[at]! + (1 - keep) * weight;
      gradient[at] = 0;
    }
  }

  /** The running mean of the weights, in which single steps no longer show. */
  kept(): Float32Array {
    const known = 1 - this.#keep ** this.#steps;
    return this.#kept.map((value) => value / known);
  }
}
