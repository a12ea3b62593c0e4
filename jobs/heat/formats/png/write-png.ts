// Draws a layer as a PNG of indexed colours, with a legend below it; cells without a value are transparent.
import { crc32, deflateSync } from 'node:zlib';
import type { Raster } from '../../raster/grid.ts';
import { LIMITS } from '../limits.ts';
import { rangeOf } from '../values.ts';
import { paletteOf, type Colour, type ScaleName } from './colours.ts';
import { drawLegend, LEAST_WIDTH, LEGEND_HEIGHT, type Canvas } from './legend.ts';

export interface Drawing {
  readonly scale: ScaleName;
  /** The values of the first and the last colour; those of the layer by default. Values beyond have the last colour. */
  readonly range?: readonly [least: number, most: number];
  /** Points for each cell and side; so many that the map is at least 160 points wide by default. */
  readonly zoom?: number;
  /** The map alone, for a page that has a legend of its own. */
  readonly hasLegend?: boolean;
  /** Cells without a value are white, and nothing is transparent. */
  readonly isOpaque?: boolean;
}

const COLOURS = 250;
const [CLEAR, PAPER, INK] = [250, 251, 252];
const EXTRA: readonly Colour[] = [
  [255, 255, 255],
  [255, 255, 255],
  [34, 34, 34],
];
const SIGNATURE = Buffer.from('\u0089PNG\r\n\u001a\n', 'latin1');
const [DEPTH, INDEXED] = [8, 3];

/** The same bytes at every call for the same layer. */
export function writePng(raster: Raster, drawing: Drawing): Buffer {
  const { scale, range, zoom, hasLegend = true, isOpaque = false } = drawing;
  const { columns } = raster.grid;
  const found = rangeOf(raster.values);
  const [least, most] = range ?? (found.least <= found.most ? [found.least, found.most] : [0, 1]);
  const factor = zoom ?? Math.max(1, Math.ceil(LEAST_WIDTH / columns));
  const canvas = canvasFor(raster, factor, hasLegend);
  drawCells(raster, canvas, factor, least, most);
  const legend = { least, most, units: raster.units, colours: COLOURS, ink: INK };
  if (hasLegend) drawLegend(canvas, canvas.height - LEGEND_HEIGHT, legend);
  return encoded(canvas, [...paletteOf(scale, COLOURS), ...EXTRA], isOpaque);
}

function canvasFor({ grid: { columns, rows } }: Raster, factor: number, hasLegend: boolean): Canvas {
  const [map, below] = [columns * factor, hasLegend ? LEGEND_HEIGHT : 0];
  const [width, height] = [hasLegend ? Math.max(map, LEAST_WIDTH) : map, rows * factor + below];
  if (!(width * height <= LIMITS.mostCells))
    throw new RangeError(`a picture of ${width} × ${height} points; expected at most ${LIMITS.mostCells}`);
  return { width, height, points: new Uint8Array(width * height).fill(PAPER) };
}

function drawCells(
  { grid: { columns, rows }, values }: Raster,
  { width, points }: Canvas,
  factor: number,
  least: number,
  most: number,
): void {
  const perValue = COLOURS / (most - least || 1);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const value = values[row * columns + column]!;
      const colour = Math.max(0, Math.min(COLOURS - 1, Math.floor((value - least) * perValue)));
      const index = value === value ? colour : CLEAR;
      for (let y = 0; y < factor; y++) {
        const start = (row * factor + y) * width + column * factor;
        if (factor === 1) points[start] = index;
        else points.fill(index, start, start + factor);
      }
    }
}

function encoded({ width, height, points }: Canvas, palette: readonly Colour[], isOpaque: boolean): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([DEPTH, INDEXED, 0, 0, 0], 8);
  const alpha = Buffer.alloc(palette.length, 255);
  alpha[CLEAR] = 0;
  // Each row begins with the number of its filter: none, which suits indices best.
  const rows = Buffer.alloc((width + 1) * height);
  for (let row = 0; row < height; row++)
    rows.set(points.subarray(row * width, (row + 1) * width), row * (width + 1) + 1);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flat())),
    ...(isOpaque ? [] : [chunk('tRNS', alpha)]),
    chunk('IDAT', deflateSync(rows, { level: 6 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const bytes = Buffer.alloc(data.length + 12);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, 'latin1');
  data.copy(bytes, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, data.length + 8)), data.length + 8);
  return bytes;
}
