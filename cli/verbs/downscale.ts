// `sluice downscale`: learns how fine fields differ from coarse ones, and makes a coarse file fine.
import { Option } from 'commander';
import { fromCaller } from '../caller-folder.ts';
import { helpText } from '../help-text.ts';
import type { Verb } from './verb.ts';

interface Options {
  readonly train: string;
  readonly input: string;
  readonly out: string;
  readonly variable: string;
  readonly xgboostLibrary?: string;
}

const HELP = `
Both files are GRIB or NetCDF. The cells of the input must be whole blocks of the cells of the training, and lie within
them; the time need not be the same. The output has the hours of the input, the rows and columns of the training that the
input covers (north first, west to east), and the unit of the input. Every block keeps the mean that the input gives.

The errors that are printed are measured on blocks of the training that were held out; the expected error is that of the
input, whose weather may differ.

  npm run sluice -- downscale --train fine.grib --input coarse.nc --out fine.npy`;

export const downscale: Verb = (sluice) =>
  void sluice.program
    .command('downscale')
    .description(
      'make a coarse series of a GRIB or NetCDF file fine, as a fine series of another time teaches',
    )
    .requiredOption('--train <file>', 'the fine series to learn from, .grib or .nc', fromCaller)
    .requiredOption('--input <file>', 'the coarse series, .grib or .nc', fromCaller)
    .requiredOption(
      '--out <file>',
      'where to write it: .npy (hours × rows × columns, float32) or .tif (a band an hour)',
      fromCaller,
    )
    .option('--variable <name>', 'the variable of both files', 't2m')
    .addOption(
      new Option('--xgboost-library <file>', 'libxgboost, where it is not in a usual place').env(
        'XGBOOST_LIBRARY',
      ),
    )
    .addHelpText('after', helpText(HELP))
    .action(async (options: Options) =>
      (await import('../actions/downscale.ts')).downscaleFiles(sluice, options),
    );
