// The frames of the period that the report shows as maps: so few, and so small, that the page stays a few megabytes.
import { writePng } from '../formats/png/write-png.ts';
import { hourOf, type Raster, type Series } from '../raster/grid.ts';
import { hourOfDay, type HourOfCity } from './evidence.ts';

export interface Frame {
  readonly time: number;
  readonly mean: number;
  readonly png: Buffer;
}

export interface Frames {
  readonly frames: readonly Frame[];
  /** The temperatures of the first and the last colour, the same in all frames. */
  readonly range: readonly [least: number, most: number];
  /** Cells of a frame are means of so many by so many. */
  readonly shrink: number;
}

/** Which hours of the day are shown, and of which days: the first choice that gives few enough frames. */
const CHOICES: readonly { readonly hours: number; readonly days: number }[] = [
  ...[1, 2, 3, 4, 6, 12].map((hours) => ({ hours, days: 1 })),
  ...[1, 2, 5, 10, 30, 90, 365].map((days) => ({ hours: 24, days })),
];
/** When a day is near its warmest in most of Europe. */
const AFTERNOON = 15;
const MOST_FRAMES = 48;
/** Of all frames together; a cell is at most a byte of the page, and less where neighbours are alike. */
const MOST_CELLS = 1_500_000;
const DAY_MS = 86_400_000;

export function framesOf(series: Series, hours: readonly HourOfCity[]): Frames {
  const chosen = chosenHours(hours);
  const { columns, rows } = series.grid;
  let shrink = 1;
  while (chosen.length * Math.ceil(columns / shrink) * Math.ceil(rows / shrink) > MOST_CELLS) shrink++;
  const range = rangeOfHours(hours);
  const frames = chosen.map((at) => {
    const layer = shrunk(hourOf(series, at), shrink);
    const { time, mean } = hours[at]!;
    return { time, mean, png: writePng(layer, { scale: 'heat', range, zoom: 1, hasLegend: false }) };
  });
  return { frames, range, shrink };
}

/** Indices of hours that have a value somewhere. */
export function chosenHours(hours: readonly HourOfCity[]): readonly number[] {
  const present = hours.flatMap(({ mean }, at) => (Number.isNaN(mean) ? [] : [at]));
  const firstDay = Math.floor((hours[present[0] ?? 0]?.time ?? 0) / DAY_MS);
  for (const choice of CHOICES) {
    const isShown = (at: number): boolean => {
      const { time } = hours[at]!;
      const day = Math.floor(time / DAY_MS) - firstDay;
      const offset = choice.hours === 24 ? AFTERNOON : 0;
      return (hourOfDay(time) - offset) % choice.hours === 0 && day % choice.days === 0;
    };
    const shown = present.filter(isShown);
    if (shown.length > 0 && shown.length <= MOST_FRAMES) return shown;
  }
  // Hours that no choice meets, such as daily means at noon.
  const every = Math.ceil(present.length / MOST_FRAMES);
  return present.filter((_, index) => index % every === 0);
}

/** Of the coldest and the warmest cell of the period, outwards to half a degree. */
function rangeOfHours(hours: readonly HourOfCity[]): readonly [least: number, most: number] {
  const known = hours.filter(({ mean }) => !Number.isNaN(mean));
  if (known.length === 0) return [0, 1];
  const least = Math.min(...known.map((hour) => hour.least));
  const most = Math.max(...known.map((hour) => hour.most));
  const range = [Math.floor(least * 2) / 2, Math.ceil(most * 2) / 2] as const;
  return range[0] === range[1] ? [range[0], range[0] + 0.5] : range;
}

/** Each cell the mean of the valid ones of `factor` × `factor`. */
export function shrunk(layer: Raster, factor: number): Raster {
  if (factor === 1) return layer;
  const { columns, rows } = layer.grid;
  const [width, height] = [Math.ceil(columns / factor), Math.ceil(rows / factor)];
  const values = new Float32Array(width * height);
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      let [sum, count] = [0, 0];
      for (let y = row * factor; y < Math.min(rows, (row + 1) * factor); y++)
        for (let x = column * factor; x < Math.min(columns, (column + 1) * factor); x++) {
          const value = layer.values[y * columns + x]!;
          if (value !== value) continue;
          sum += value;
          count++;
        }
      values[row * width + column] = sum / count;
    }
  const [a, b, c, d, e, f] = layer.grid.transform;
  const transform = [a * factor, b * factor, c, d * factor, e * factor, f] as const;
  return { ...layer, values, grid: { ...layer.grid, columns: width, rows: height, transform } };
}
