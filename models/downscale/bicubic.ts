// Catmull-Rom interpolation of the centres of coarse cells, with the edges clamped: the baseline.
import { fineSize } from './cover.ts';
import type { Downscaler } from './downscaler.ts';
import { cellsOf } from './field.ts';

export const bicubic: Downscaler = {
  name: 'bicubic',
  learn: ({ cover, blocks }) => ({
    predict(coarse) {
      const size = fineSize(cover);
      const [down, across] = [weightsOf(coarse.rows, cover.down), weightsOf(coarse.columns, cover.across)];
      const values = new Float32Array(coarse.hours.length * cellsOf(size));
      const filled = new Float64Array(cellsOf(coarse));
      for (let hour = 0; hour < coarse.hours.length; hour++) {
        fill(coarse.values.subarray(hour * filled.length), blocks, filled);
        const into = values.subarray(hour * cellsOf(size), (hour + 1) * cellsOf(size));
        interpolate(filled, coarse.columns, down, across, into);
      }
      return { ...size, hours: coarse.hours, values };
    },
  }),
};

/** Coarse cells without a value take the mean of those that have one. */
function fill(from: Float32Array, blocks: readonly Int32Array[], into: Float64Array): void {
  let [sum, count] = [0, 0];
  blocks.forEach((places, cell) => {
    if (places.length === 0) return;
    sum += from[cell]!;
    count++;
  });
  blocks.forEach((places, cell) => (into[cell] = places.length === 0 ? sum / count : from[cell]!));
}

interface Weights {
  /** Four cells and four weights for each fine place. */
  readonly cells: Int32Array;
  readonly weights: Float64Array;
}

function weightsOf(count: number, factor: number): Weights {
  const [cells, weights] = [new Int32Array(4 * count * factor), new Float64Array(4 * count * factor)];
  for (let fine = 0; fine < count * factor; fine++) {
    const place = (fine + 0.5) / factor - 0.5;
    for (let tap = 0; tap < 4; tap++) {
      const cell = Math.floor(place) - 1 + tap;
      cells[4 * fine + tap] = Math.min(Math.max(cell, 0), count - 1);
      weights[4 * fine + tap] = catmullRom(Math.abs(place - cell));
    }
  }
  return { cells, weights };
}

function catmullRom(x: number): number {
  if (x < 1) return 1.5 * x ** 3 - 2.5 * x ** 2 + 1;
  return x < 2 ? -0.5 * x ** 3 + 2.5 * x ** 2 - 4 * x + 2 : 0;
}

function interpolate(
  from: Float64Array,
  columns: number,
  down: Weights,
  across: Weights,
  into: Float32Array,
): void {
  const wide = across.cells.length / 4;
  for (let at = 0; at < into.length; at++) {
    const [row, column] = [Math.floor(at / wide) * 4, (at % wide) * 4];
    let sum = 0;
    for (let y = 0; y < 4; y++) {
      const start = down.cells[row + y]! * columns;
      let line = 0;
      for (let x = 0; x < 4; x++)
        line += across.weights[column + x]! * from[start + across.cells[column + x]!]!;
      sum += down.weights[row + y]! * line;
    }
    into[at] = sum;
  }
}
