// The seam of all methods: each learns from fine fields, and predicts fine fields from coarse ones.
import { blockMeans, blocksOf, keepMeans, type Blocks } from './blocks.ts';
import { covered, fineSize, type Cover } from './cover.ts';
import { cellsOf, presentCells, type Fields } from './field.ts';

/** What a method learns from: fine fields, and the same ones coarsened. Every present cell has all its values. */
export interface Training {
  readonly cover: Cover;
  readonly blocks: Blocks;
  readonly fine: Fields;
  readonly coarse: Fields;
  readonly ground: Ground;
}

/** What is known of the ground of each fine cell: its height, how green it is, …; one layer each, NaN where unknown. */
export type Ground = readonly Float32Array[];

export interface Learnt {
  /** Fine fields of the coarse ones; cells that are in no block have any value. */
  predict(coarse: Fields): Fields;
  /** What was learned, to be kept; absent where it is the training itself. */
  readonly checkpoint?: Checkpoint;
}

export interface Checkpoint {
  /** The end of the file's name: `f32` are float32 numbers, little-endian; `ubj` is XGBoost's own form. */
  readonly ending: 'f32' | 'ubj';
  readonly bytes: Uint8Array;
}

export interface Downscaler {
  readonly name: string;
  learn(training: Training): Learnt;
}

/** Little-endian, as every machine that runs this has them. */
export const numbersCheckpoint = (numbers: Float32Array): Checkpoint => ({
  ending: 'f32',
  bytes: new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength),
});

/** Cuts the fine fields to what the coarse grid covers, and coarsens them. `ground` is of the covered cells. */
export function trainingOf(fine: Fields, cover: Cover, ground: Ground = []): Training {
  const cut = covered(fine, cover);
  const blocks = blocksOf(cover, presentCells(cut));
  return { cover, blocks, fine: cut, coarse: blockMeans(cut, cover, blocks), ground };
}

/** The prediction with the mean of every coarse cell kept, and NaN where the fine grid has no values. */
export function predictKept(learnt: Learnt, { blocks, cover }: Training, coarse: Fields): Fields {
  const predicted = learnt.predict(coarse);
  keepMeans(predicted, coarse, blocks);
  const cells = cellsOf(fineSize(cover));
  const present = new Uint8Array(cells);
  for (const places of blocks) for (const place of places) present[place] = 1;
  for (let at = 0; at < predicted.values.length; at++)
    if (present[at % cells] === 0) predicted.values[at] = NaN;
  return predicted;
}
