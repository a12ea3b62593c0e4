// The features of a fine cell at a time: what the base and interpolation give, the hour, the coarse field around it and its
// changes, how the cell differs on average, where it is in its block, and its ground.
import { positionIn } from '../../../models/downscale/blocks.ts';
import { fineSize } from '../../../models/downscale/cover.ts';
import type { Training } from '../../../models/downscale/downscaler.ts';
import { cellsOf, type Fields } from '../../../models/downscale/field.ts';
import { bicubic } from '../../../models/downscale/bicubic.ts';
import { changes, hourOfDay, scalingOf, stepOf, timelineOf } from '../../../models/downscale/timeline.ts';

export interface FeatureMaker {
  /** The fine cells that have values, ascending. */
  readonly places: Int32Array;
  readonly columns: number;
  /** `base` is what the trees are added to. */
  of(coarse: Fields, base: Fields): CellFeatures;
}

export interface CellFeatures {
  /** Fills `into` for the cell number `place` at a time. */
  write(time: number, place: number, into: Float32Array): void;
}

/** In rows and columns of the coarse grid. */
const NEIGHBOURS = [-1, 0, 1].flatMap((down) => [-1, 0, 1].map((across) => [down, across] as const));
const CHANGES = [-1, 1, -3, 3];
const HOURS = 24;

export function featureMaker(training: Training, before: Fields): FeatureMaker {
  const { cover, blocks, ground } = training;
  const cells = cellsOf(fineSize(cover));
  const coarseOf = new Int32Array(cells).fill(-1);
  blocks.forEach((own, cell) => own.forEach((place) => (coarseOf[place] = cell)));
  const places = Int32Array.from(coarseOf.keys()).filter((place) => coarseOf[place]! >= 0);
  const still = [...meansOf(training, before), positions(training, cells), ...ground];
  const columns = 4 + NEIGHBOURS.length + CHANGES.length + still.length;
  const interpolation = bicubic.learn(training);
  const scaling = scalingOf(training);
  const step = stepOf(training.coarse.hours);
  const learned = timelineOf(training.coarse, scaling);
  const { rows: coarseRows, columns: coarseColumns } = cover.coarse;
  const neighbours = blocks.map((_, cell) => {
    const [row, column] = [Math.floor(cell / coarseColumns), cell % coarseColumns];
    return NEIGHBOURS.map(([down, across]) => {
      const y = Math.min(Math.max(row + down, 0), coarseRows - 1);
      const x = Math.min(Math.max(column + across, 0), coarseColumns - 1);
      const other = y * coarseColumns + x;
      return blocks[other]!.length > 0 ? other : cell;
    });
  });
  const of = (coarse: Fields, base: Fields): CellFeatures => {
    const interpolated = interpolation.predict(coarse).values;
    const timeline = timelineOf(coarse, scaling);
    const moves = CHANGES.map((steps) => changes(timeline, steps * step, learned));
    return {
      write(time, place, into) {
        const cell = coarseOf[places[place]!]!;
        const start = time * blocks.length;
        const angle = (2 * Math.PI * hourOfDay(coarse.hours[time]!)) / HOURS;
        const own = timeline.values[start + cell]!;
        let at = 0;
        const fine = time * cells + places[place]!;
        const mean = coarse.values[start + cell]!;
        into[at++] = base.values[fine]! - mean;
        into[at++] = interpolated[fine]! - mean;
        into[at++] = Math.sin(angle);
        into[at++] = Math.cos(angle);
        for (const other of neighbours[cell]!)
          into[at++] = other === cell ? own : timeline.values[start + other]! - own;
        for (const move of moves) into[at++] = move[start + cell]!;
        for (const layer of still) into[at++] = layer[places[place]!]!;
      },
    };
  };
  return { places, columns, of };
}

/** By how much each cell differs from interpolation on average, and how much the base misses it. */
function meansOf(training: Training, before: Fields): readonly Float32Array[] {
  const { fine, coarse } = training;
  const cells = cellsOf(fine);
  const interpolated = bicubic.learn(training).predict(coarse).values;
  const [lacking, missed] = [new Float32Array(cells), new Float32Array(cells)];
  for (let at = 0; at < fine.values.length; at++) {
    lacking[at % cells]! += (fine.values[at]! - interpolated[at]!) / fine.hours.length;
    missed[at % cells]! += (fine.values[at]! - before.values[at]!) ** 2 / fine.hours.length;
  }
  return [lacking, missed];
}

const positions = ({ cover }: Training, cells: number): Float32Array =>
  Float32Array.from({ length: cells }, (_, place) => positionIn(cover, place));
