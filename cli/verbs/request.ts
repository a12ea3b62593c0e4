// `sluice request`: requests a run of a pipeline whose runs are requested, and waits for its result.
import { InvalidArgumentError } from 'commander';
import { ConfigurationError } from '../../shared/errors.ts';
import type { Asking } from '../actions/request.ts';
import { fromCaller } from '../caller-folder.ts';
import { helpText } from '../help-text.ts';
import { parametersOf } from '../requests/parameters.ts';
import type { Sluice, Verb } from './verb.ts';

interface Options {
  readonly preset?: string;
  readonly parameters?: string;
  readonly set: readonly string[];
  readonly maxCost?: number;
  readonly priority?: number;
  readonly key?: string;
  readonly estimate?: boolean;
  readonly wait?: boolean;
  readonly out?: string;
  readonly job?: string;
}

const HELP = `
The estimate is printed first, then the key of the request and the id of its job. A request whose answer was lost is
repeated with --key: the same key with the same parameters is the same job, and never runs twice. With --wait the
command shows the place in line and the state until the job has ended; the exit code is 1 unless it succeeded. Ctrl-C
ends the waiting and not the job: --job goes on with it.

  npm run sluice -- request forecast-what-if --preset sunday-openings --wait --out forecast.json
  npm run sluice -- request forecast-what-if --set horizon_days=28 --set 'sites=["Nice"]' --estimate
  npm run sluice -- request forecast-what-if --parameters openings.json --max-cost 0.5
  npm run sluice -- request heat-analyze --set city=paris --set threshold_celsius=33 --wait --out analysis.json`;

export const request: Verb = (sluice) =>
  void sluice.program
    .command('request [pipeline]')
    .description('request a run, with the estimate of its cost first; with --wait until it has ended')
    .option('--preset <name>', 'start from this set of parameters')
    .option('--parameters <json>', 'a file with the parameters, over those of the preset', fromCaller)
    .option(
      '--set <key=value>',
      'one parameter, over those of the file; the value is JSON or text',
      collected,
      [],
    )
    .option('--max-cost <dollars>', 'refuse the run where it certainly costs more', amount)
    .option(
      '--priority <0-9>',
      'the sequence of your own requests: 0 starts first, 9 last; 5 by default',
      priority,
    )
    .option('--key <key>', 'repeat the request of this key, whose answer was lost')
    .option('--estimate', 'print the estimate, and request nothing')
    .option('--wait', 'wait until the job has ended')
    .option('--out <file>', 'wait, and write the result into this file', fromCaller)
    .option('--job <id>', 'go on with this job')
    .addHelpText('after', helpText(HELP))
    .action((pipeline: string | undefined, options: Options) =>
      options.job === undefined
        ? ask(sluice, pipeline, options)
        : goOn(sluice, pipeline, options.job, options),
    );

function ask(sluice: Sluice, name: string | undefined, options: Options): Promise<void> {
  if (name === undefined) throw new ConfigurationError('expected the pipeline of the request, or --job <id>');
  const { preset, maxCost, priority: wanted } = options;
  const parameters = parametersOf(options.parameters, options.set);
  const asking: Asking = {
    what: {
      ...(preset === undefined ? {} : { preset }),
      ...(parameters === undefined ? {} : { parameters }),
    },
    bounds: {
      ...(maxCost === undefined ? {} : { max_cost: maxCost }),
      ...(wanted === undefined ? {} : { priority: wanted }),
    },
    key: options.key,
    onlyEstimate: options.estimate === true,
    ...waitingOf(sluice, options),
  };
  return sluice.on(
    true,
    async (target, pipeline) =>
      (await import('../actions/request.ts')).request(sluice, target, pipeline, asking),
    name,
  );
}

async function goOn(sluice: Sluice, name: string | undefined, id: string, options: Options): Promise<void> {
  const { pipelineOfJob } = await import('../requests/open.ts');
  const own = pipelineOfJob(id);
  if (name !== undefined && name !== own)
    throw new ConfigurationError(`the job ${id} is of ${own}, not of ${name}`);
  const work = await import('../actions/request.ts');
  const waiting = waitingOf(sluice, options);
  await sluice.on(true, (target, pipeline) => work.resume(sluice, target, pipeline, id, waiting), own);
}

const waitingOf = (sluice: Sluice, { wait, out }: Options) => ({
  wait: wait === true || out !== undefined,
  out,
  asJson: sluice.program.opts<{ json?: boolean }>().json === true,
});

const collected = (typed: string, before: readonly string[]): readonly string[] => [...before, typed];

function amount(typed: string): number {
  if (/^\d{1,7}(\.\d{1,9})?$/.test(typed)) return Number(typed);
  throw new InvalidArgumentError('Expected dollars, such as 0.5.');
}

function priority(typed: string): number {
  if (/^\d$/.test(typed)) return Number(typed);
  throw new InvalidArgumentError('Expected 0 to 9.');
}
