// A generated field with known truth: a smooth field that moves, a coast whose land warms by day, and hills.
import type { Cover } from '../../../models/downscale/cover.ts';
import type { Fields } from '../../../models/downscale/field.ts';

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

/** The root mean square of what two arrays differ by. */
export function differenceOf(one: ArrayLike<number>, other: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < one.length; at++) sum += (one[at]! - other[at]!) ** 2;
  return Math.sqrt(sum / one.length);
}
