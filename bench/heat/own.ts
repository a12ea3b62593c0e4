// The process that a bench times: writes a layer as a COG, or warps it to another grid, by our own code.
import { readFileSync, writeFileSync, openSync, writeSync, closeSync } from 'node:fs';
import { writeCog } from '../../jobs/heat/formats/cog/write-cog.ts';
import type { Grid } from '../../jobs/heat/raster/grid.ts';
import { warp } from '../../jobs/heat/raster/warp.ts';

const [task = '', input = '', output = '', from = '', to = ''] = process.argv.slice(2);
const grid = JSON.parse(from) as Grid;
const bytes = readFileSync(input);
const values = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
const raster = { grid, values, units: 'K', name: 't2m' };
if (task === 'warp') {
  writeFileSync(output, new Uint8Array(warp(raster, JSON.parse(to) as Grid, 'bilinear').values.buffer));
} else {
  const file = openSync(output, 'w');
  for (const piece of writeCog(raster)) writeSync(file, piece);
  closeSync(file);
}
