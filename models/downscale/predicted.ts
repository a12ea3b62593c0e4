// Fine fields that are filled block by block.
import type { Blocks } from './blocks.ts';
import { fineSize, type Cover } from './cover.ts';
import { cellsOf, type Fields } from './field.ts';

export function emptyPrediction(cover: Cover, { hours }: Fields): Fields {
  const size = fineSize(cover);
  return { ...size, hours, values: new Float32Array(hours.length * cellsOf(size)).fill(NaN) };
}

/** Writes the coarse mean and `detail(time, at)` into each fine cell (`at` counts them) of one block. */
export function writeDetails(
  into: Fields,
  coarse: Fields,
  blocks: Blocks,
  cell: number,
  detail: (time: number, at: number) => number,
): void {
  const cells = cellsOf(into);
  const places = blocks[cell]!;
  for (let time = 0; time < into.hours.length; time++) {
    const mean = coarse.values[time * blocks.length + cell]!;
    for (let at = 0; at < places.length; at++)
      into.values[time * cells + places[at]!] = mean + detail(time, at);
  }
}
