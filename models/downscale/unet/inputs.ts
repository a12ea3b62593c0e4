// What the U-Net is shown for each time: the coarse field and its changes, interpolated; the hour; and what does not
// change: how the fine cells differ on average, and the ground.
import { bicubic } from '../bicubic.ts';
import { fineSize } from '../cover.ts';
import type { Training } from '../downscaler.ts';
import { cellsOf, type Fields } from '../field.ts';
import { changes, hourOfDay, scalingOf, stepOf, timelineOf, type Timeline } from '../timeline.ts';

export interface Inputs {
  readonly count: number;
  /** Writes the input planes of one time, `count` of them, one after the other. */
  write(time: number, into: Float32Array): void;
}

/** In steps of the series: the changes since then and until then. */
const CHANGES = [-1, 1, -3, 3];
const HOURS = 24;

export interface InputMaker {
  readonly count: number;
  /** `base` is what the network's output is added to. */
  of(coarse: Fields, base: Fields): Inputs;
}

/** `base` is what the network's output is added to, for the times of the training. */
export function inputMaker(training: Training, base: Fields): InputMaker {
  const scaling = scalingOf(training);
  const interpolation = bicubic.learn(training);
  const learned = timelineOf(training.coarse, scaling);
  const distances = CHANGES.map((steps) => steps * stepOf(training.coarse.hours));
  const still = [...stillPlanes(training, base), ...training.ground.map(standardised)];
  const cells = cellsOf(fineSize(training.cover));
  const count = 2 + CHANGES.length + 2 + still.length;
  const interpolated = (timeline: Timeline, values: ArrayLike<number>): Float32Array =>
    interpolation.predict({ ...timeline, values: Float32Array.from(values) }).values;
  return {
    count,
    of(coarse, base) {
      const timeline = timelineOf(coarse, scaling);
      const detail = interpolation
        .predict(coarse)
        .values.map((value, at) => (base.values[at]! - value) * scaling.scale || 0);
      const moving = [
        detail,
        interpolated(timeline, timeline.values),
        ...distances.map((distance) => interpolated(timeline, changes(timeline, distance, learned))),
      ];
      return {
        count,
        write(time, into) {
          const angle = (2 * Math.PI * hourOfDay(coarse.hours[time]!)) / HOURS;
          let at = 0;
          const plane = () => into.subarray(cells * at, cells * ++at);
          for (const values of moving) plane().set(values.subarray(time * cells, (time + 1) * cells));
          plane().fill(Math.sin(angle));
          plane().fill(Math.cos(angle));
          for (const values of still) plane().set(values);
        },
      };
    },
  };
}

/** Of each cell: what interpolation lacks on average, and how much the base misses it. */
function stillPlanes(training: Training, base: Fields): Float32Array[] {
  const { fine, coarse } = training;
  const cells = cellsOf(fine);
  const interpolated = bicubic.learn(training).predict(coarse).values;
  const [lacking, missed] = [new Float32Array(cells), new Float32Array(cells)];
  for (let at = 0; at < fine.values.length; at++) {
    lacking[at % cells]! += fine.values[at]! - interpolated[at]!;
    missed[at % cells]! += (fine.values[at]! - base.values[at]!) ** 2;
  }
  return [standardised(lacking), standardised(missed.map(Math.sqrt))];
}

/** Mean 0 and variance 1 over the cells that have a value; 0 for the others. */
function standardised(values: Float32Array): Float32Array {
  const known = values.filter((value) => Number.isFinite(value));
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const spread = Math.sqrt(known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / known.length);
  return values.map((value) => (Number.isFinite(value) && spread > 0 ? (value - mean) / spread : 0));
}
