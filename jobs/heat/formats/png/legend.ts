// The legend below a map: a bar of its colours with the values at its ends and between, and the unit.
import { drawText, LETTER, widthOf } from './letters.ts';

export interface Canvas {
  readonly width: number;
  readonly height: number;
  /** One byte for each point: the index of its colour. */
  readonly points: Uint8Array;
}

export interface Legend {
  readonly least: number;
  readonly most: number;
  readonly units: string;
  /** Indices 0 to below this are the colours of the scale. */
  readonly colours: number;
  readonly ink: number;
}

const MARGIN = 8;
const BAR_HEIGHT = 10;
const GAP = 3;
export const LEGEND_HEIGHT = MARGIN + BAR_HEIGHT + GAP + LETTER.height + MARGIN;
export const LEAST_WIDTH = 160;

const LABELS = 3;

/** Draws from the row `top` down. */
export function drawLegend({ width, points }: Canvas, top: number, legend: Legend): void {
  const { least, most, units, colours, ink } = legend;
  const barWidth = width - 2 * MARGIN;
  for (let y = 0; y < BAR_HEIGHT; y++)
    for (let x = 0; x < barWidth; x++)
      points[(top + MARGIN + y) * width + MARGIN + x] = Math.floor((x / barWidth) * colours);
  for (let label = 0; label < LABELS; label++) {
    const share = label / (LABELS - 1);
    const last = label === LABELS - 1;
    const text = `${shown(least + (most - least) * share, most - least)}${last ? ` ${units}` : ''}`;
    const left = MARGIN + Math.round(share * (barWidth - widthOf(text)));
    const row = top + MARGIN + BAR_HEIGHT + GAP;
    drawText(text, (x, y) => (points[(row + y) * width + left + x] = ink));
  }
}

/** With as many decimals as the span needs to tell the labels apart. */
function shown(value: number, span: number): string {
  const decimals = Math.min(6, Math.max(0, 1 - Math.floor(Math.log10(span || 1))));
  return value.toFixed(decimals);
}
