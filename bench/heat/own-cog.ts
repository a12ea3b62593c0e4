// The process that a bench times: writes a layer as a COG by our own code, as `gdal_translate` does.
import { readFileSync, openSync, writeSync, closeSync } from 'node:fs';
import { writeCog } from '../../jobs/heat/formats/cog/write-cog.ts';
import type { Grid } from '../../jobs/heat/raster/grid.ts';

const [input = '', output = '', grid = ''] = process.argv.slice(2);
const bytes = readFileSync(input);
const values = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
const raster = { grid: JSON.parse(grid) as Grid, values, units: 'K', name: 't2m' };
const file = openSync(output, 'w');
for (const piece of writeCog(raster)) writeSync(file, piece);
closeSync(file);
