// Puts fields on the network's planes, which are a little larger, and takes them from there.
import { fineSize } from '../cover.ts';
import type { Training } from '../downscaler.ts';
import { cellsOf, type Size } from '../field.ts';
import type { Inputs } from './inputs.ts';
import type { Network } from './network.ts';
import type { LevelSize } from './planes.ts';

/** Two levels below the first one have halves of rows and columns, and the kernel takes four columns at once. */
const [ROWS, COLUMNS] = [4, 16];

export class Canvas {
  readonly size: LevelSize;
  readonly fine: Size;
  readonly #blocks: Training['blocks'];
  readonly #planes: Float32Array;

  constructor({ cover, blocks }: Training, inputs: number) {
    this.fine = fineSize(cover);
    const [rows, width] = [Math.ceil(this.fine.rows / ROWS), Math.ceil(this.fine.columns / COLUMNS)];
    this.size = { rows: rows * ROWS, width: width * COLUMNS };
    this.#blocks = blocks;
    this.#planes = new Float32Array(inputs * cellsOf(this.fine));
  }

  /** Runs the network for one time, and writes its output, less the mean of each block, into `output`. */
  run(network: Network, inputs: Inputs, time: number, output: Float32Array): void {
    inputs.write(time, this.#planes);
    const { rows, columns } = this.fine;
    for (let channel = 0; channel < inputs.count; channel++)
      for (let row = 0; row < this.size.rows; row++) {
        // Beyond the edges the cell on the edge is taken.
        const start = (channel * rows + Math.min(row, rows - 1)) * columns;
        const into = network.inputRow(channel, row);
        into.set(this.#planes.subarray(start, start + columns));
        into.fill(this.#planes[start + columns - 1]!, columns);
      }
    network.forward();
    for (let row = 0; row < rows; row++)
      output.set(network.outputRow(row).subarray(0, columns), row * columns);
    this.withoutMeans(output);
  }

  /** Takes the mean of its block from each cell. Cells of no block become 0. */
  withoutMeans(values: Float32Array): void {
    const kept = values.slice();
    values.fill(0);
    for (const places of this.#blocks) {
      let sum = 0;
      for (const place of places) sum += kept[place]!;
      for (const place of places) values[place] = kept[place]! - sum / places.length;
    }
  }

  /** `error` has no block means, so it is the gradient of half its sum of squares as well. */
  writeGradient(network: Network, error: Float32Array, factor: number): void {
    const { rows, columns } = this.fine;
    for (let row = 0; row < rows; row++) {
      const into = network.outputGradientRow(row);
      for (let column = 0; column < columns; column++) into[column] = factor * error[row * columns + column]!;
    }
  }
}
