// Cuts fine fields into the blocks of their coarse cells, takes the means of blocks, and makes fields keep them.
import type { Cover } from './cover.ts';
import { fineSize } from './cover.ts';
import { cellsOf, type Fields } from './field.ts';

/** For each coarse cell the places of its fine cells in a fine field; only those that have values. */
export type Blocks = readonly Int32Array[];

export function blocksOf(cover: Cover, present: Uint8Array): Blocks {
  const { coarse, down, across } = cover;
  const { columns } = fineSize(cover);
  return Array.from({ length: cellsOf(coarse) }, (_, cell) => {
    const [top, left] = [Math.floor(cell / coarse.columns) * down, (cell % coarse.columns) * across];
    const places: number[] = [];
    for (let row = top; row < top + down; row++)
      for (let column = left; column < left + across; column++)
        if (present[row * columns + column] === 1) places.push(row * columns + column);
    return Int32Array.from(places);
  });
}

/** Where a fine cell is in its block, counted over all cells, missing ones included. */
export const positionIn = ({ down, across, coarse }: Cover, place: number): number => {
  const columns = coarse.columns * across;
  return (Math.floor(place / columns) % down) * across + ((place % columns) % across);
};

/** The mean of each block at each time; NaN where the block has no cell. */
export function blockMeans(fine: Fields, cover: Cover, blocks: Blocks): Fields {
  const cells = cellsOf(fine);
  const values = new Float32Array(fine.hours.length * blocks.length);
  for (let hour = 0; hour < fine.hours.length; hour++)
    blocks.forEach((places, cell) => {
      values[hour * blocks.length + cell] = meanAt(fine.values, hour * cells, places);
    });
  return { ...cover.coarse, hours: fine.hours, values };
}

function meanAt(values: Float32Array, start: number, places: Int32Array): number {
  let sum = 0;
  for (const place of places) sum += values[start + place]!;
  return sum / places.length;
}

/** Adds to each block what its mean lacks. Twice, since the first sum is rounded to float32. */
export function keepMeans(fine: Fields, coarse: Fields, blocks: Blocks): void {
  const cells = cellsOf(fine);
  for (let hour = 0; hour < fine.hours.length; hour++)
    blocks.forEach((places, cell) => {
      const mean = coarse.values[hour * blocks.length + cell]!;
      for (let pass = 0; pass < 2; pass++) {
        const lacking = mean - meanAt(fine.values, hour * cells, places);
        for (const place of places) fine.values[hour * cells + place]! += lacking;
      }
    });
}
