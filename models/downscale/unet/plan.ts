// The layers of the U-Net and where all of them lie in the memory: three levels of two convolutions each, halved
// downwards, and spread upwards beside what was there on the way down.
import { planeBytes, type Allocator, type LevelSize } from './planes.ts';

export interface Shape extends LevelSize {
  /** `rows` is a multiple of 4, and `width` of 16. */
  readonly inputs: number;
  /** Channels of the first level, a multiple of 4; each level has twice those of the one above. */
  readonly channels: number;
}

export interface Planes {
  readonly pointer: number;
  readonly channels: number;
  readonly size: LevelSize;
}

export interface Layer {
  readonly from: Planes;
  readonly to: Planes;
  readonly weights: number;
  readonly bias: number;
}

/** What happens forwards, in this sequence; backwards in the opposite one. */
export type Step =
  | { readonly kind: 'convolve'; readonly layer: Layer }
  | { readonly kind: 'halve' | 'spread'; readonly from: Planes; readonly to: Planes }
  | { readonly kind: 'combine'; readonly from: Planes; readonly to: Planes; readonly maps: number };

export interface Plan {
  readonly steps: readonly Step[];
  readonly input: Planes;
  readonly output: Planes;
  /** All values, and as many bytes further the gradient of each. */
  readonly planes: { readonly start: number; readonly bytes: number };
  readonly weights: { readonly start: number; readonly count: number };
}

export function planOf(shape: Shape, memory: Allocator): Plan {
  const { inputs, channels } = shape;
  const [top, middle, bottom] = [1, 2, 4].map((by) => ({ rows: shape.rows / by, width: shape.width / by }));
  const start = memory.bytes;
  const planes = (count: number, size: LevelSize): Planes => ({
    pointer: memory.planes(count, size),
    channels: count,
    size,
  });
  const input = planes(inputs, top!);
  const [first, wideTop] = [planes(channels, top!), planes(3 * channels, top!)];
  const [second, wideMiddle] = [planes(2 * channels, middle!), planes(6 * channels, middle!)];
  const [halvedTop, halvedMiddle] = [planes(channels, middle!), planes(2 * channels, bottom!)];
  const [third, deepest] = [planes(4 * channels, bottom!), planes(4 * channels, bottom!)];
  const [fourth, middleOut] = [planes(2 * channels, middle!), planes(2 * channels, middle!)];
  const [fifth, topOut] = [planes(channels, top!), planes(channels, top!)];
  const output = planes(1, top!);
  const bytes = memory.bytes - start;
  memory.take(bytes);
  const layers = new Layers(memory);
  const [keptTop, keptMiddle] = [
    part(wideTop, 2 * channels, channels),
    part(wideMiddle, 4 * channels, 2 * channels),
  ];
  const steps: readonly Step[] = [
    layers.convolve(input, first),
    layers.convolve(first, keptTop),
    { kind: 'halve', from: keptTop, to: halvedTop },
    layers.convolve(halvedTop, second),
    layers.convolve(second, keptMiddle),
    { kind: 'halve', from: keptMiddle, to: halvedMiddle },
    layers.convolve(halvedMiddle, third),
    layers.convolve(third, deepest),
    { kind: 'spread', from: deepest, to: part(wideMiddle, 0, 4 * channels) },
    layers.convolve(wideMiddle, fourth),
    layers.convolve(fourth, middleOut),
    { kind: 'spread', from: middleOut, to: part(wideTop, 0, 2 * channels) },
    layers.convolve(wideTop, fifth),
    layers.convolve(fifth, topOut),
    { kind: 'combine', from: topOut, to: output, maps: layers.maps(topOut) },
  ];
  return { steps, input, output, planes: { start, bytes }, weights: layers.weights };
}

/** Some channels of planes that hold more. */
const part = ({ pointer, size }: Planes, first: number, channels: number): Planes => ({
  pointer: pointer + first * planeBytes(size),
  channels,
  size,
});

/** Gives each layer its weights; those of all layers lie one after the other. */
class Layers {
  readonly #memory: Allocator;
  readonly #start: number;

  constructor(memory: Allocator) {
    this.#memory = memory;
    this.#start = memory.bytes;
  }

  /** How much each channel counts in each cell: what is learned of places, where a convolution is the same everywhere. */
  maps({ channels, size }: Planes): number {
    return this.#memory.planes(channels, size);
  }

  convolve(from: Planes, to: Planes): Step {
    const weights = this.#memory.numbers(from.channels * to.channels * 9);
    const bias = this.#memory.numbers(to.channels);
    return { kind: 'convolve', layer: { from, to, weights, bias } };
  }

  get weights(): Plan['weights'] {
    return { start: this.#start, count: (this.#memory.bytes - this.#start) / Float32Array.BYTES_PER_ELEMENT };
  }
}
