// A COG and a warp of 2,048 × 2,048 cells, beside GDAL's own programs in the same run, with the start of the process. Our
// own programs, one for each as GDAL has them, are bundled as a job is.
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { JOB_BUNDLE } from '../../build/job.ts';
import type { Grid } from '../../jobs/heat/raster/grid.ts';
import { medianOf, type Bench, type Measure } from '../measure.ts';

const SIDE = 2048;
const ROUNDS = 5;
const OWN = { cog: 'own-cog.ts', warp: 'own-warp.ts' } as const;
const source: Grid = {
  crs: 'EPSG:32631',
  columns: SIDE,
  rows: SIDE,
  transform: [10, 0, 440_000, 0, -10, 5_420_000],
};
const target: Grid = {
  crs: 'EPSG:3857',
  columns: SIDE,
  rows: SIDE,
  transform: [15, 0, 243_500, 0, -15, 6_263_000],
};

export const heatRasters: Bench = {
  name: 'heat-rasters',
  about: 'a COG and a warp of 2,048² cells, beside GDAL on one thread, process start included',
  run: async ({ folder, progress }) => {
    const [raw, header] = [join(folder, 'in.bil'), join(folder, 'in.hdr')];
    if (spawnSync('gdal_translate', ['--version']).status !== 0)
      return { skipped: 'gdal_translate is not installed (apt-get install gdal-bin)' };
    writeFileSync(raw, new Uint8Array(field().buffer));
    writeFileSync(header, headerOf(source));
    const out = (name: string) => join(folder, name);
    const tif = out('in.tif');
    run('gdal_translate', ['-q', '-a_srs', source.crs, raw, tif]);
    const grids = [source, target].map((grid) => JSON.stringify(grid));
    const own = async (task: keyof typeof OWN, name: string) => {
      const [program, outfile] = [fileURLToPath(new URL(OWN[task], import.meta.url)), out(`${task}.mjs`)];
      await build({ ...JOB_BUNDLE, entryPoints: [program], outfile });
      return () => run(process.execPath, [outfile, raw, out(name), ...grids]);
    };
    const cog = [
      '-q',
      '-of',
      'COG',
      '-co',
      'COMPRESS=DEFLATE',
      '-co',
      'PREDICTOR=YES',
      '-co',
      'NUM_THREADS=1',
    ];
    const gdalCog = () =>
      run('gdal_translate', [...cog, '-co', 'OVERVIEW_RESAMPLING=AVERAGE', tif, out('gdal-cog.tif')]);
    const warp = ['-q', '-overwrite', '-r', 'bilinear', '-t_srs', target.crs, '-te', ...extentOf(target)];
    const gdalWarp = () =>
      run('gdalwarp', [...warp, '-ts', String(SIDE), String(SIDE), tif, out('gdal-warp.tif')]);
    const measures = [
      inTurns('COG', await own('cog', 'cog.tif'), gdalCog, progress),
      inTurns('warp, bilinear', await own('warp', 'warp.bin'), gdalWarp, progress),
    ];
    return measures;
  },
};

/** Both in turns, so that a busy machine is as busy for one as for the other. */
function inTurns(
  name: string,
  own: () => number,
  gdal: () => number,
  progress: (text: string) => void,
): Measure {
  const [ours, theirs]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    progress(`${name}, round ${round + 1} of ${ROUNDS}`);
    ours.push(own());
    theirs.push(gdal());
  }
  const floor = { name: "GDAL's program", value: medianOf(theirs) };
  return { name, value: medianOf(ours), unit: 's', floor, goal: { most: 1, of: 'ratio' } };
}

/** Seconds until the process has ended. */
function run(program: string, values: readonly string[]): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(program, values, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr}`);
  return (performance.now() - start) / 1000;
}

/** Waves of 10 K with the noise of a real field. */
function field(): Float32Array {
  return Float32Array.from({ length: SIDE * SIDE }, (_, at) => {
    const [column, row] = [at % SIDE, Math.floor(at / SIDE)];
    const noise = Math.sin(at * 12.9898) * 0.05;
    return 290 + 4 * Math.sin(column / 90) + 3 * Math.cos(row / 120) + noise;
  });
}

const headerOf = ({ columns, rows, transform: [size, , west, , , north] }: Grid): string =>
  `BYTEORDER I\nLAYOUT BIL\nNROWS ${rows}\nNCOLS ${columns}\nNBANDS 1\nNBITS 32\nPIXELTYPE FLOAT\n` +
  `ULXMAP ${west + size / 2}\nULYMAP ${north - size / 2}\nXDIM ${size}\nYDIM ${size}\n`;

const extentOf = ({ columns, rows, transform: [width, , west, , height, north] }: Grid): string[] =>
  [west, north + rows * height, west + columns * width, north].map(String);
