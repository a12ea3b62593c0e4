// Measures the methods of downscaling on the last eight days of the shared sample, learned from the 15 before:
// node bench/heat/downscale.ts [file]
import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { readSeries } from '../../jobs/heat/formats/read-series.ts';
import { bicubic } from '../../models/downscale/bicubic.ts';
import type { Cover } from '../../models/downscale/cover.ts';
import { downscale } from '../../models/downscale/downscale.ts';
import { predictKept, trainingOf, type Training } from '../../models/downscale/downscaler.ts';
import { between, type Fields } from '../../models/downscale/field.ts';
import { gaussianProcess } from '../../models/downscale/gaussian-process.ts';
import { residualByHour } from '../../models/downscale/residual-by-hour.ts';
import { ridge } from '../../models/downscale/ridge.ts';
import { boostingIfInstalled } from '../../jobs/heat/training/boosting-if-installed.ts';
import { openKernel } from '../../models/downscale/unet/kernel.ts';
import { unet, WIDE } from '../../models/downscale/unet/unet.ts';
import { rootMean, squaresOf } from '../../models/downscale/validation.ts';

const SAMPLE = '../shared/data/heat/era5/era5-t2m-uk-2019-03-01_23.grib';
const COVER: Cover = { coarse: { rows: 8, columns: 12 }, down: 4, across: 4, top: 0, left: 0 };
const [DAY, TRAINED_DAYS, HELD_DAYS] = [24, 15, 8];
/** °C: so near to the true error must the expected one be. */
const MOST_APART = 0.03;

const {
  args: [file = SAMPLE],
} = new Command('node bench/heat/downscale.ts')
  .description('Measures the RMSE of each method of downscaling, 4 × 4 block means to the fine grid.')
  .argument('[file]', 'hourly fields of 23 days, 32 × 48 cells or more')
  .parse();
if (!existsSync(file)) throw new Error(`${file} does not exist; name a GRIB or NetCDF file`);

const { grid, hours, values } = await readSeries({ name: file, path: file }, { variable: 't2m' });
const fine: Fields = { rows: grid.rows, columns: grid.columns, hours, values };
const end = hours.length;
const start = end - HELD_DAYS * DAY;
const learned = between(fine, start - TRAINED_DAYS * DAY, start);
const held = trainingOf(between(fine, start, end), COVER);
const training: Training = trainingOf(learned, COVER);

print('method', 'RMSE', 'MAE', 'against bicubic', 'CPU s');
let base: number | undefined;
const boosting = boostingIfInstalled(process.env['XGBOOST_LIBRARY']);
const further = 'reason' in boosting ? [] : [boosting];
const network = unet(await openKernel(), WIDE);
for (const method of [bicubic, residualByHour, ridge, gaussianProcess, ...further, network])
  measure(method.name, () => predictKept(method.learn(training), training, held.coarse));
let expected: number | null = null;
const error = measure('mix, with its validation', () => {
  const result = downscale({ fine: learned, cover: COVER, coarse: held.coarse, further });
  expected = result.report.expectedRmse;
  return result.fine;
});
process.stdout.write(`The mix expects an RMSE of ${expected ?? 'unknown'}.\n`);
if (expected === null || Math.abs(expected - error) > MOST_APART) {
  process.stdout.write(`That is more than ${MOST_APART} from ${error}.\n`);
  process.exitCode = 1;
}

/** Prints the errors, and returns the RMSE. */
function measure(name: string, predict: () => Fields): number {
  const started = process.cpuUsage();
  const predicted = predict().values;
  const { user, system } = process.cpuUsage(started);
  const rmse = rootMean(squaresOf(predicted, held.fine.values))!;
  base ??= rmse;
  const mae =
    predicted.reduce((sum, value, at) => sum + Math.abs(value - held.fine.values[at]!), 0) / predicted.length;
  const against = `${((rmse / base - 1) * 100).toFixed(1)} %`;
  print(name, rmse.toFixed(4), mae.toFixed(4), against, ((user + system) / 1e6).toFixed(1));
  return rmse;
}

function print(...cells: readonly string[]): void {
  const line = cells.map((cell, at) => (at === 0 ? cell.padEnd(28) : cell.padStart(16)));
  process.stdout.write(`${line.join('')}\n`);
}
