// Ridge regression for each coarse cell on the 5 × 5 cells around it and the hour of the day.
import { detailsOf } from './details.ts';
import { numbersCheckpoint, type Downscaler, type Learnt, type Training } from './downscaler.ts';
import { dot } from './cholesky.ts';
import { LeastSquares } from './least-squares.ts';
import { emptyPrediction, writeDetails } from './predicted.ts';
import { hourOfDay, scalingOf, timelineOf, type Timeline } from './timeline.ts';
import { windowOf, type Features } from './window.ts';

const STRENGTH = 10;
const HOURS = 24;

export const ridge: Downscaler = {
  name: 'ridge per cell',
  learn(training) {
    const scaling = scalingOf(training);
    const timeline = timelineOf(training.coarse, scaling);
    const learnt = training.blocks.map((places, cell) =>
      places.length === 0 ? undefined : learnCell(training, timeline, cell),
    );
    return predictor(training, learnt, (coarse) => timelineOf(coarse, scaling));
  },
};

interface Cell {
  readonly weights: readonly Float64Array[];
  readonly means: Float64Array;
}

function learnCell(training: Training, timeline: Timeline, cell: number): Cell {
  const features = featuresOf(timeline, cell);
  const { values, means } = detailsOf(training, cell);
  const squares = new LeastSquares(features.count);
  squares.addRows(features);
  means.forEach((_, at) => squares.addTargets(at, features, values, at * timeline.hours.length));
  const solved = squares.solve(STRENGTH);
  return { means, weights: Array.from(means, (_, at) => solved.get(at)!) };
}

function predictor(
  training: Training,
  learnt: readonly (Cell | undefined)[],
  timelineFor: (coarse: Training['coarse']) => Timeline,
): Learnt {
  return {
    checkpoint: numbersCheckpoint(numbersOf(learnt)),
    predict(coarse) {
      const timeline = timelineFor(coarse);
      const predicted = emptyPrediction(training.cover, coarse);
      learnt.forEach((found, cell) => {
        if (found === undefined) return;
        const features = featuresOf(timeline, cell);
        writeDetails(predicted, coarse, training.blocks, cell, (time, at) => {
          const weights = found.weights[at]!;
          return found.means[at]! + dot(features.values, time * features.count, weights, 0, features.count);
        });
      });
      return predicted;
    },
  };
}

/** Cell by cell: of each fine cell the mean, then its weights in the sequence of the features. */
const numbersOf = (learnt: readonly (Cell | undefined)[]): Float32Array =>
  Float32Array.from(
    learnt.flatMap((cell) =>
      cell === undefined ? [] : [...cell.means].flatMap((mean, at) => [mean, ...cell.weights[at]!]),
    ),
  );

/** Each cell of the window once, and a feature for each hour of the day. */
function featuresOf(timeline: Timeline, cell: number): Features {
  const window = [...new Set(windowOf(cell, timeline))];
  const cells = timeline.rows * timeline.columns;
  const count = window.length + HOURS;
  const values = new Float64Array(timeline.hours.length * count);
  timeline.hours.forEach((hour, time) => {
    window.forEach((other, at) => (values[time * count + at] = timeline.values[time * cells + other]!));
    values[time * count + window.length + hourOfDay(hour)] = 1;
  });
  return { count, values };
}
