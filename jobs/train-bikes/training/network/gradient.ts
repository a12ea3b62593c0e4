// One row forward through the network and its error back: what the row adds to the gradient.
import { categoryOf, type Layout, type NetworkInput } from '../../../../models/bikes/network.ts';

/** A network with one output for each task, while it learns. */
export interface Trainee {
  readonly columns: number;
  readonly inputs: readonly NetworkInput[];
  readonly hidden: readonly [number, number];
  readonly layout: Layout;
  readonly weights: Float32Array;
}

/** How far each output of a row is from what it should be: the slope of the row's loss. */
export type Slopes = (outputs: Float64Array, row: number) => void;

const OUTPUTS = 2;

export class Gradient {
  readonly values: Float32Array;
  readonly #trainee: Trainee;
  readonly #first: Float64Array;
  readonly #second: Float64Array;
  readonly #firstSlopes: Float64Array;
  readonly #secondSlopes: Float64Array;
  readonly #outputs = new Float64Array(OUTPUTS);
  /** Of the current row, by input: where its weights begin (-1: nowhere), and what they are multiplied by. */
  readonly #starts: Int32Array;
  readonly #factors: Float64Array;

  constructor(trainee: Trainee) {
    this.#trainee = trainee;
    this.values = new Float32Array(trainee.weights.length);
    this.#first = new Float64Array(trainee.hidden[0]);
    this.#second = new Float64Array(trainee.hidden[1]);
    this.#firstSlopes = new Float64Array(trainee.hidden[0]);
    this.#secondSlopes = new Float64Array(trainee.hidden[1]);
    this.#starts = new Int32Array(trainee.inputs.length);
    this.#factors = new Float64Array(trainee.inputs.length);
  }

  /** Adds `share` of the row's slope. */
  add(features: Float32Array, row: number, slopes: Slopes, share: number): void {
    this.#enter(features, row * this.#trainee.columns);
    this.#forward();
    slopes(this.#outputs, row);
    for (let output = 0; output < OUTPUTS; output += 1) this.#outputs[output]! *= share;
    this.#back();
  }

  #enter(features: Float32Array, at: number): void {
    const { inputs, layout, weights } = this.#trainee;
    const first = this.#first;
    for (let unit = 0; unit < first.length; unit += 1) first[unit] = weights[layout.firstBias + unit]!;
    for (let index = 0; index < inputs.length; index += 1) {
      const one = inputs[index]!;
      const category = one.kind === 'quantity' ? 0 : categoryOf(one.columns, one.sizes, features, at);
      const start = category === -1 ? -1 : layout.inputs[index]! + category * first.length;
      const factor = one.kind === 'quantity' ? (features[at + one.column]! - one.mean) / one.scale : 1;
      this.#starts[index] = start;
      this.#factors[index] = factor;
      if (start === -1) continue;
      for (let unit = 0; unit < first.length; unit += 1) first[unit]! += factor * weights[start + unit]!;
    }
  }

  #forward(): void {
    const { layout, weights } = this.#trainee;
    const second = this.#second;
    for (let to = 0; to < second.length; to += 1) second[to] = weights[layout.secondBias + to]!;
    for (let from = 0; from < this.#first.length; from += 1) {
      const value = this.#first[from]!;
      if (value <= 0) continue;
      const at = layout.second + from * second.length;
      for (let to = 0; to < second.length; to += 1) second[to]! += value * weights[at + to]!;
    }
    for (let output = 0; output < OUTPUTS; output += 1) {
      let sum = weights[layout.lastBias + output]!;
      for (let from = 0; from < second.length; from += 1)
        if (second[from]! > 0) sum += second[from]! * weights[layout.last + from * OUTPUTS + output]!;
      this.#outputs[output] = sum;
    }
  }

  #back(): void {
    const { layout, weights } = this.#trainee;
    const [gradient, outputs, second, slopes] = [
      this.values,
      this.#outputs,
      this.#second,
      this.#secondSlopes,
    ];
    for (let output = 0; output < OUTPUTS; output += 1)
      gradient[layout.lastBias + output]! += outputs[output]!;
    for (let from = 0; from < second.length; from += 1) {
      slopes[from] = 0;
      if (second[from]! <= 0) continue;
      let slope = 0;
      for (let output = 0; output < OUTPUTS; output += 1) {
        const at = layout.last + from * OUTPUTS + output;
        gradient[at]! += outputs[output]! * second[from]!;
        slope += outputs[output]! * weights[at]!;
      }
      slopes[from] = slope;
      gradient[layout.secondBias + from]! += slope;
    }
    this.#backToFirst();
    this.#backToInputs();
  }

  #backToFirst(): void {
    const { layout, weights } = this.#trainee;
    const [gradient, first, second] = [this.values, this.#first, this.#secondSlopes];
    for (let from = 0; from < first.length; from += 1) {
      this.#firstSlopes[from] = 0;
      const value = first[from]!;
      if (value <= 0) continue;
      const at = layout.second + from * second.length;
      let slope = 0;
      for (let to = 0; to < second.length; to += 1) {
        gradient[at + to]! += value * second[to]!;
        slope += second[to]! * weights[at + to]!;
      }
      this.#firstSlopes[from] = slope;
      gradient[layout.firstBias + from]! += slope;
    }
  }

  #backToInputs(): void {
    const [gradient, slopes] = [this.values, this.#firstSlopes];
    for (let index = 0; index < this.#starts.length; index += 1) {
      const start = this.#starts[index]!;
      if (start === -1) continue;
      const factor = this.#factors[index]!;
      for (let unit = 0; unit < slopes.length; unit += 1) gradient[start + unit]! += factor * slopes[unit]!;
    }
  }
}
