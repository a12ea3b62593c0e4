// `sluice predict`: asks the prediction service of a pipeline, row by row of a file, or for one hour at one counter.
import { ConfigurationError } from '../../shared/errors.ts';
import type { Asking } from '../actions/predict.ts';
import { fromCaller } from '../caller-folder.ts';
import type { Verb } from './verb.ts';

interface Options {
  readonly model: string;
  readonly type?: string;
  readonly file?: string;
  readonly counter?: string;
  readonly at?: string;
  readonly coordinates?: string;
}

const HELP = `
The file has the columns of an export; the count may be missing. One line of JSON is printed for each row, in the
sequence of the file: the counter, the time, the prediction, of a class its label, and warnings where there are any. A
row that the service cannot answer ends the command with its place in the file, and the exit code is 1.

  npm run sluice -- predict bikes --model reg --file next-week.csv > predictions.jsonl
  npm run sluice -- predict bikes --model class --counter "28 boulevard Diderot E-O" --at 2021-08-10T18:00:00+02:00`;

export const predict: Verb = (sluice) =>
  void sluice.program
    .command('predict <pipeline>')
    .description('ask the prediction service of a pipeline')
    .requiredOption('--model <name>', 'the model that the service follows, such as reg or class')
    .option('--type <kind>', 'the kind of model: best, gbt, rf or nn', 'best')
    .option('--file <csv>', 'a row for each prediction', fromCaller)
    .option('--counter <name>', 'the counter of the one prediction')
    .option('--at <time>', 'the hour of the one prediction; without a zone, local time of Paris')
    .option('--coordinates <latitude,longitude>', 'where an unknown counter is')
    .addHelpText('after', HELP)
    .action((name: string, options: Options) => {
      const asking = askingOf(options);
      return sluice.on(
        true,
        async (target, pipeline) => (await import('../actions/predict.ts')).predict(target, pipeline, asking),
        name,
      );
    });

function askingOf({ model, type = 'best', file, counter, at, coordinates }: Options): Asking {
  const one = { counter, at, coordinates };
  if (file !== undefined && Object.values(one).every((value) => value === undefined))
    return { model, type, file };
  if (file !== undefined || counter === undefined || at === undefined)
    throw new ConfigurationError('expected --file, or --counter and --at');
  return { model, type, one: { counter, at, coordinates } };
}
