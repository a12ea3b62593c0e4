// A linear map from the window of a coarse cell to its fine cells that is the same for all coarse cells, so that it is
// learned from all of them together. What it explains, the method of each cell need not learn from its own few days.
import { detailsOf } from './details.ts';
import { positionIn } from './blocks.ts';
import { dot } from './cholesky.ts';
import type { Training } from './downscaler.ts';
import { LeastSquares } from './least-squares.ts';
import { windowFeatures, type Layers } from './window.ts';

const STRENGTH = 10;

export interface SharedMap {
  /** Replaces in one block what it predicts for each fine cell: fine cell by fine cell, and in each time by time. */
  predict(layers: Layers, cell: number): Float64Array;
}

export function learnShared(training: Training, layers: Layers, has: Uint8Array): SharedMap {
  const { blocks, cover } = training;
  let squares: LeastSquares | undefined;
  blocks.forEach((places, cell) => {
    if (places.length === 0) return;
    const features = windowFeatures(layers, cell, has);
    squares ??= new LeastSquares(features.count);
    squares.addRows(features);
    const { values } = detailsOf(training, cell);
    places.forEach((place, at) =>
      squares!.addTargets(positionIn(cover, place), features, values, at * layers.timeline.hours.length),
    );
  });
  const weights = squares?.solve(STRENGTH);
  return {
    predict(wanted, cell) {
      const features = windowFeatures(wanted, cell, has);
      const times = wanted.timeline.hours.length;
      const result = new Float64Array(blocks[cell]!.length * times);
      blocks[cell]!.forEach((place, at) => {
        const own = weights!.get(positionIn(cover, place))!;
        for (let time = 0; time < times; time++)
          result[at * times + time] = dot(features.values, time * features.count, own, 0, features.count);
      });
      return result;
    },
  };
}
