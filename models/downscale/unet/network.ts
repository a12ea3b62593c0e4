// A U-Net in the kernel's memory: forwards, backwards, and steps of Adam.
import type { KernelMaker, KernelWithMemory } from './kernel.ts';
import { planOf, type Layer, type Plan, type Shape, type Step } from './plan.ts';
import { Allocator, cellAt, planeBytes } from './planes.ts';

const BYTES = 4;
/** Of Adam: how its two means decay, and what keeps it from dividing by 0. The first two stand in the kernel as well. */
const [FIRST, SECOND, LEAST] = [0.9, 0.999, 1e-8];

export class Network {
  readonly shape: Shape;
  readonly #plan: Plan;
  readonly #kernel: KernelWithMemory;
  /** As long as the weights: their gradients, the two means of Adam, and turned weights of one layer. */
  readonly #gradients: number;
  readonly #means: readonly [first: number, second: number];
  readonly #turned: number;
  #steps = 0;

  constructor(makeKernel: KernelMaker, shape: Shape) {
    const memory = new Allocator();
    this.shape = shape;
    this.#plan = planOf(shape, memory);
    const { count } = this.#plan.weights;
    this.#gradients = memory.numbers(count);
    this.#means = [memory.numbers(count), memory.numbers(count)];
    this.#turned = memory.numbers(count);
    this.#kernel = makeKernel(memory.bytes);
  }

  #numbers(pointer: number, count: number): Float32Array {
    return new Float32Array(this.#kernel.memory.buffer, pointer, count);
  }

  get weights(): Float32Array {
    return this.#numbers(this.#plan.weights.start, this.#plan.weights.count);
  }

  /** Multiplications of one pass forwards. */
  get products(): number {
    return this.#plan.steps.reduce((sum, step) => {
      if (step.kind !== 'convolve') return sum;
      const { from, to } = step.layer;
      return sum + 9 * from.channels * to.channels * to.size.rows * to.size.width;
    }, 0);
  }

  /** What `backward` has summed since the last step. */
  get gradients(): Float32Array {
    return this.#numbers(this.#gradients, this.#plan.weights.count);
  }

  /** Uniform, so wide that values keep their size from layer to layer (He). The output begins with 0. */
  initialise(random: () => number): void {
    for (const step of this.#plan.steps) {
      if (step.kind !== 'convolve') continue;
      const { from, to, weights } = step.layer;
      const wide = Math.sqrt(6 / (from.channels * 9));
      const own = this.#numbers(weights, from.channels * to.channels * 9);
      for (let at = 0; at < own.length; at++) own[at] = wide * (2 * random() - 1);
    }
  }

  inputRow(channel: number, row: number): Float32Array {
    return this.#row(this.#plan.input.pointer, channel, row);
  }

  outputRow(row: number): Float32Array {
    return this.#row(this.#plan.output.pointer, 0, row);
  }

  /** The gradient of the loss by the output; 0 after `forward`. */
  outputGradientRow(row: number): Float32Array {
    return this.#row(this.#gradientOf(this.#plan.output.pointer), 0, row);
  }

  #row(planes: number, channel: number, row: number): Float32Array {
    return this.#numbers(BYTES * cellAt(planes, this.shape, channel, row), this.shape.width);
  }

  #gradientOf(pointer: number): number {
    return pointer + this.#plan.planes.bytes;
  }

  #gradientOfWeight(pointer: number): number {
    return pointer - this.#plan.weights.start + this.#gradients;
  }

  #clear(pointer: number, bytes: number): void {
    new Uint8Array(this.#kernel.memory.buffer, pointer, bytes).fill(0);
  }

  forward(): void {
    const { start, bytes } = this.#plan.planes;
    this.#clear(this.#gradientOf(start), bytes);
    for (const step of this.#plan.steps)
      if (step.kind === 'convolve') this.#convolve(step.layer);
      else this.#move(step);
  }

  #move(step: Exclude<Step, { readonly kind: 'convolve' }>): void {
    const kernel = this.#kernel;
    const { from, to } = step;
    const { rows, width } = to.size;
    if (step.kind === 'combine')
      return kernel.combine(from.pointer, step.maps, to.pointer, from.channels, rows, width);
    if (step.kind === 'halve') return kernel.halve(from.pointer, to.pointer, to.channels, rows, width, 1 / 4);
    this.#clear(to.pointer, to.channels * planeBytes(to.size));
    kernel.spread(from.pointer, to.pointer, from.channels, rows / 2, width / 2, 1);
  }

  #convolve({ from, to, weights, bias }: Layer): void {
    const { rows, width } = to.size;
    const kernel = this.#kernel;
    kernel.convolve(from.pointer, from.channels, to.pointer, to.channels, weights, bias, rows, width, 0);
    kernel.activate(to.pointer, to.channels, rows, width);
  }

  /** Adds to the gradients of the weights, from what stands in `outputGradientRow`. */
  backward(): void {
    for (const step of this.#plan.steps.toReversed())
      if (step.kind === 'convolve') this.#convolveBack(step.layer);
      else this.#moveBack(step);
  }

  #moveBack(step: Exclude<Step, { readonly kind: 'convolve' }>): void {
    const kernel = this.#kernel;
    const { from: planes, to: into } = step;
    const [from, to] = [this.#gradientOf(planes.pointer), this.#gradientOf(into.pointer)];
    const { rows, width } = into.size;
    if (step.kind === 'combine') {
      const { maps } = step;
      const ofMaps = this.#gradientOfWeight(maps);
      const { pointer, channels } = planes;
      return kernel.combinationGradients(pointer, maps, to, from, ofMaps, channels, rows, width);
    }
    if (step.kind === 'halve') return kernel.spread(to, from, into.channels, rows, width, 1 / 4);
    // Nothing else reads the planes that are spread, so their gradient is overwritten.
    kernel.halve(to, from, planes.channels, rows / 2, width / 2, 1);
  }

  #convolveBack({ from, to, weights, bias }: Layer): void {
    const kernel = this.#kernel;
    const { rows, width } = to.size;
    const [own, before] = [this.#gradientOf(to.pointer), this.#gradientOf(from.pointer)];
    kernel.activationGradient(to.pointer, own, to.channels, rows, width);
    const [ofWeights, ofBias] = [this.#gradientOfWeight(weights), this.#gradientOfWeight(bias)];
    kernel.convolutionGradients(
      from.pointer,
      from.channels,
      own,
      to.channels,
      ofWeights,
      ofBias,
      rows,
      width,
    );
    if (from.pointer === this.#plan.input.pointer) return;
    kernel.turnWeights(weights, from.channels, to.channels, this.#turned);
    kernel.convolve(own, to.channels, before, from.channels, this.#turned, 0, rows, width, 1);
  }

  /** One step of Adam; the gradients become 0. */
  step(rate: number): void {
    this.#steps++;
    const correction = Math.sqrt(1 - SECOND ** this.#steps) / (1 - FIRST ** this.#steps);
    const { start, count } = this.#plan.weights;
    this.#kernel.adam(start, this.#gradients, ...this.#means, count, rate * correction, LEAST);
  }
}
