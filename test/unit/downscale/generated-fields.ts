// A generated field with known truth: a smooth field that moves, a coast whose land warms by day, and hills.
import type { Cover } from '../../../models/downscale/cover.ts';
import type { Fields } from '../../../models/downscale/field.ts';
import { seededRandom } from '../../../models/downscale/unet/random.ts';

const HOUR_MS = 3_600_000;
const START = Date.UTC(2024, 4, 1);

export const COVER: Cover = { coarse: { rows: 3, columns: 4 }, down: 3, across: 3, top: 0, left: 0 };

/** Land in the east; a cell's detail follows the hour and the field around it. `rows` × `columns` fine cells. */
export function generatedFields(times: number, { rows, columns } = { rows: 9, columns: 12 }): Fields {
  const values = new Float32Array(times * rows * columns);
  const hours = Array.from({ length: times }, (_, at) => START + at * HOUR_MS);
  for (let at = 0; at < values.length; at++) {
    const [time, row] = [Math.floor(at / (rows * columns)), Math.floor(at / columns) % rows];
    values[at] = temperature(time, row, at % columns);
  }
  return { rows, columns, hours, values };
}

function temperature(time: number, row: number, column: number): number {
  const day = Math.sin((2 * Math.PI * (time - 9)) / 24);
  const weather = 4 * Math.sin(time / 31) + 2 * Math.sin(time / 13 + 1);
  const wave = 1.5 * Math.sin((column + 2 * row - time / 3) / 6);
  const land = column + Math.sin(row) > 6 ? 1 : 0;
  const hill = Math.cos(row * 1.7) * Math.cos(column * 2.1);
  return 283 + weather + wave + land * (3 + 0.3 * weather) * day - hill * (0.8 + 0.1 * weather);
}

/** A pattern of -1, 0 and 1 whose mean over each block of `COVER` is 0. */
const patternAt = (row: number, column: number): number => ((row % 3) - 1) * ((column % 3) - 1);

/** Adds the pattern, `times` as large, to the hours `from` to before `to`: the means of blocks stay as they are. */
export function withPattern(fields: Fields, from: number, to: number, times: number): Fields {
  const { rows, columns } = fields;
  const values = fields.values.slice();
  for (let at = from * rows * columns; at < to * rows * columns; at++)
    values[at]! += times * patternAt(Math.floor(at / columns) % rows, at % columns);
  return { ...fields, values };
}

/** Adds noise to each cell and hour, evenly spread from -`most` to `most`, that no method can know. */
export function withNoise(fields: Fields, most: number, seed: number): Fields {
  const random = seededRandom(seed);
  return { ...fields, values: fields.values.map((value) => value + most * (2 * random() - 1)) };
}

/** Rounded to 1/1024: float32 then adds a pattern of whole numbers, and takes the means of blocks, without any rounding. */
export const rounded = (fields: Fields): Fields => ({
  ...fields,
  values: fields.values.map((value) => Math.round(value * 1024) / 1024),
});

/** The root mean square of what two arrays differ by. */
export function differenceOf(one: ArrayLike<number>, other: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < one.length; at++) sum += (one[at]! - other[at]!) ** 2;
  return Math.sqrt(sum / one.length);
}
