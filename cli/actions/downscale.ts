// Reads two files, downscales one by the other, writes the result, and prints how good it is.
import { existsSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, extname } from 'node:path';
import { downscaleSeries, type Downscaled } from '../../jobs/heat/downscaling/downscale-series.ts';
import { geotiffOf } from '../../jobs/heat/formats/geotiff/write-series.ts';
import { npyOf } from '../../jobs/heat/formats/npy.ts';
import { readSeries } from '../../jobs/heat/formats/read-series.ts';
import { UnusableFile } from '../../jobs/heat/formats/unusable.ts';
import { VARIABLES, type VariableName } from '../../jobs/heat/formats/variables.ts';
import type { Series } from '../../jobs/heat/raster/grid.ts';
import { boostingIfInstalled } from '../../jobs/heat/training/boosting-if-installed.ts';
import type { Downscaler } from '../../models/downscale/downscaler.ts';
import { ConfigurationError, PermanentError } from '../../shared/errors.ts';
import { writeLine } from '../terminal.ts';
import type { Sluice } from '../verbs/verb.ts';

interface Asked {
  readonly train: string;
  readonly input: string;
  readonly out: string;
  readonly variable: string;
  /** A path; undefined: the usual places are searched. */
  readonly xgboostLibrary?: string;
}

/** How a file of this name is written. */
const WRITERS: ReadonlyMap<string, (series: Series, file: string) => Uint8Array> = new Map([
  ['.npy', ({ hours, grid, values }) => npyOf([hours.length, grid.rows, grid.columns], values)],
  ['.tif', geotiffOf],
]);

export async function downscaleFiles(sluice: Sluice, asked: Asked): Promise<void> {
  const write = writerOf(asked.out);
  const variable = variableNamed(asked.variable);
  const progress = (text: string): void => writeLine(process.stderr, text);
  const [train, input] = [await read(asked.train, variable), await read(asked.input, variable)];
  progress(`read ${shape(train.series)} to learn from and ${shape(input.series)} to downscale`);
  const downscaled = unusableAsPermanent(() =>
    downscaleSeries(train, input, progress, furtherMethods(asked.xgboostLibrary, progress)),
  );
  await writeWhole(
    asked.out,
    unusableAsPermanent(() => write(downscaled.series, basename(asked.out))),
  );
  show(sluice, asked.out, downscaled);
}

/** Gradient boosting, where XGBoost is installed: the error is about 2 % less with it. */
function furtherMethods(
  library: string | undefined,
  progress: (text: string) => void,
): readonly Downscaler[] {
  const found = boostingIfInstalled(library);
  if (!('reason' in found)) return [found];
  progress(
    `${found.reason.text}: the mix is made without gradient boosting, and its error is about 2 % larger`,
  );
  return [];
}

function writerOf(out: string): (series: Series, file: string) => Uint8Array {
  const writer = WRITERS.get(extname(out).toLowerCase());
  if (writer === undefined)
    throw new ConfigurationError(
      `--out ${out}: expected a name that ends with ${[...WRITERS.keys()].join(' or ')}`,
    );
  if (!existsSync(dirname(out)))
    throw new ConfigurationError(`--out ${out}: its folder does not exist; make it, then repeat the command`);
  return writer;
}

function variableNamed(name: string): VariableName {
  const found = VARIABLES.find((variable) => variable.name === name);
  if (found !== undefined) return found.name;
  const known = VARIABLES.map((variable) => variable.name).join(', ');
  throw new ConfigurationError(`--variable ${name}: expected one of ${known}`);
}

async function read(path: string, variable: VariableName) {
  const file = basename(path);
  if (!existsSync(path))
    throw new ConfigurationError(`${path} does not exist; expected a GRIB or NetCDF file`);
  try {
    return { file, series: await readSeries({ name: file, path }, { variable }) };
  } catch (error) {
    throw permanent(error);
  }
}

const permanent = (error: unknown): unknown =>
  error instanceof UnusableFile || error instanceof RangeError
    ? new PermanentError(error.message, { cause: error, code: 'INPUT_REFUSED' })
    : error;

function unusableAsPermanent<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw permanent(error);
  }
}

const shape = ({ hours, grid }: Series): string =>
  `${hours.length} hours of ${grid.rows} × ${grid.columns} cells`;

/** Whole or not at all: a command that is stopped leaves no half file under the name. */
async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const unfinished = `${path}.${process.pid}.part`;
  try {
    await writeFile(unfinished, bytes);
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

function show(sluice: Sluice, file: string, { series, report }: Downscaled): void {
  const { methods, blocks, validatedRmse, expectedRmse, learntHours, reason } = report;
  const time = (at: number): string => new Date(at).toISOString();
  const data = {
    file,
    hours: series.hours.length,
    rows: series.grid.rows,
    columns: series.grid.columns,
    units: series.units,
    learntHours,
    validatedRmse,
    expectedRmse,
    reason,
    methods,
    blocks: blocks.map((block) => ({ ...block, from: time(block.from), to: time(block.to) })),
  };
  const errors = methods.map(({ name, rmse }) => [`RMSE, ${name}`, error(rmse, series.units)] as const);
  sluice.show(data, {
    File: file,
    Shape: shape(series),
    'Learned from': `${learntHours} hours`,
    ...Object.fromEntries(errors),
    'Expected RMSE': error(expectedRmse, series.units),
    ...(reason === null ? {} : { Note: reason }),
  });
}

const error = (rmse: number | null, units: string): string =>
  rmse === null ? 'unknown' : `${rmse.toFixed(3)} ${units}`;
