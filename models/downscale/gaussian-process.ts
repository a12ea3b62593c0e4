// A Gaussian process for each coarse cell: it predicts the details of a time from the times of the training, each by how
// alike it is. The shared linear map is its prior mean.
import { factorise, dot, solveFactorised } from './cholesky.ts';
import { detailsOf } from './details.ts';
import type { Downscaler, Training } from './downscaler.ts';
import type { Fields } from './field.ts';
import {
  CHANGE_STEPS,
  clockOf,
  kernelOf,
  NOISE,
  placesOf,
  spreadOf,
  type Clock,
  type Places,
} from './kernel.ts';
import { emptyPrediction, writeDetails } from './predicted.ts';
import { learnShared, type SharedMap } from './shared-linear.ts';
import { scalingOf, stepOf, timelineOf } from './timeline.ts';
import { layersOf, type Layers } from './window.ts';

/** What one coarse cell learned. */
interface Cell {
  readonly means: Float64Array;
  /** Fine cell by fine cell, and in each time of the training by time. */
  readonly weights: Float64Array;
  readonly spread: number;
}

interface Common {
  readonly training: Training;
  readonly has: Uint8Array;
  readonly layers: Layers;
  readonly shared: SharedMap;
}

export const gaussianProcess: Downscaler = {
  name: 'Gaussian process',
  learn(training) {
    const { coarse, blocks } = training;
    const has = Uint8Array.from(blocks, (places) => (places.length > 0 ? 1 : 0));
    const scaling = scalingOf(training);
    const step = stepOf(coarse.hours);
    const distances = CHANGE_STEPS.map((steps) => steps * step);
    const layers = layersOf(timelineOf(coarse, scaling), distances);
    const common = { training, has, layers, shared: learnShared(training, layers, has) };
    const clock = clockOf(coarse.hours, coarse.hours);
    const cells = blocks.map((places, cell) =>
      places.length === 0 ? undefined : learnCell(common, clock, cell),
    );
    return {
      predict: (input) =>
        predict(common, cells, input, layersOf(timelineOf(input, scaling), distances, layers.timeline)),
    };
  },
};

function learnCell({ training, has, layers, shared }: Common, clock: Clock, cell: number): Cell {
  const times = training.coarse.hours.length;
  const places = placesOf(layers, cell, has);
  const spread = spreadOf(places);
  const kernel = kernelOf(places, places, clock, spread, true);
  for (let at = 0; at < times; at++) kernel[at * times + at]! += NOISE;
  factorise(kernel, times);
  const { values, means } = detailsOf(training, cell);
  const prior = shared.predict(layers, cell);
  const weights = values.map((value, at) => value - prior[at]!);
  solveFactorised(kernel, times, weights, means.length);
  return { means, weights, spread };
}

function predict(
  common: Common,
  cells: readonly (Cell | undefined)[],
  input: Fields,
  layers: Layers,
): Fields {
  const { training, has } = common;
  const times = training.coarse.hours.length;
  const predicted = emptyPrediction(training.cover, input);
  const clock = clockOf(input.hours, training.coarse.hours);
  cells.forEach((learnt, cell) => {
    if (learnt === undefined) return;
    const own: Places = placesOf(common.layers, cell, has);
    const kernel = kernelOf(placesOf(layers, cell, has), own, clock, learnt.spread);
    const prior = common.shared.predict(layers, cell);
    writeDetails(
      predicted,
      input,
      training.blocks,
      cell,
      (time, at) =>
        learnt.means[at]! +
        prior[at * input.hours.length + time]! +
        dot(kernel, time * times, learnt.weights, at * times, times),
    );
  });
  return predicted;
}
