// Mixes predictions of the same fields by the weights of their methods.
import type { Fields } from './field.ts';

/** Each holds the block means, and the sum of the weights is 1, so the mix holds them as well. */
export function mixOf(predictions: readonly (Fields | undefined)[], weights: readonly number[]): Fields {
  const first = predictions.find((one) => one !== undefined)!;
  const values = new Float32Array(first.values.length);
  for (let at = 0; at < values.length; at++) {
    let sum = 0;
    predictions.forEach((one, method) => {
      if (one !== undefined && weights[method] !== 0) sum += weights[method]! * one.values[at]!;
    });
    values[at] = sum;
  }
  return { ...first, values };
}
