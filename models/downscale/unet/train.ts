// Trains the network on the times of the training, in batches of a random sequence.
import { cellsOf, type Fields } from '../field.ts';
import type { Canvas } from './canvas.ts';
import type { Inputs } from './inputs.ts';
import type { Network } from './network.ts';
import { shuffled } from './random.ts';

export interface UnetSettings {
  /** Of the first level of the network. */
  readonly channels: number;
  /** How often each time is learned, at most. */
  readonly epochs: number;
  /** Multiplications; some 10¹⁰ take a second. Where that is not enough for all epochs, fewer samples are learned. */
  readonly mostWork: number;
  /** Of the first step; it falls to 0. */
  readonly rate: number;
  readonly seed: number;
}

export interface Learning {
  readonly settings: UnetSettings;
  readonly random: () => number;
}

const BATCH = 4;
/** Forwards, and twice as much backwards. */
const PASSES = 3;

/** `targets` in the network's unit, time by time. Returns the number of samples learned. */
export function train(
  network: Network,
  canvas: Canvas,
  inputs: Inputs,
  targets: Fields,
  { settings, random }: Learning,
): number {
  const times = targets.hours.length;
  const affordable = Math.floor(settings.mostWork / (PASSES * network.products));
  const batches = Math.floor(Math.min(affordable, settings.epochs * times) / BATCH);
  const cells = cellsOf(canvas.fine);
  const error = new Float32Array(cells);
  let order = shuffled(times, random);
  let next = 0;
  for (let batch = 0; batch < batches; batch++) {
    for (let sample = 0; sample < BATCH; sample++) {
      if (next === times) [order, next] = [shuffled(times, random), 0];
      const time = order[next++]!;
      canvas.run(network, inputs, time, error);
      for (let cell = 0; cell < cells; cell++) error[cell]! -= targets.values[time * cells + cell]!;
      canvas.writeGradient(network, error, 1 / (BATCH * cells));
      network.backward();
    }
    network.step(settings.rate * (1 - batch / batches));
  }
  return batches * BATCH;
}
