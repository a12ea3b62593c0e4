// The process that a bench times: warps a layer to another grid by our own code, as `gdalwarp` does.
import { readFileSync, writeFileSync } from 'node:fs';
import type { Grid } from '../../jobs/heat/raster/grid.ts';
import { warp } from '../../jobs/heat/raster/warp.ts';

const [input = '', output = '', from = '', to = ''] = process.argv.slice(2);
const bytes = readFileSync(input);
const values = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
const raster = { grid: JSON.parse(from) as Grid, values, units: 'K', name: 't2m' };
writeFileSync(output, new Uint8Array(warp(raster, JSON.parse(to) as Grid, 'bilinear').values.buffer));
