// `sluice models`: the registered candidates of a pipeline's models, which is the champion, and what keeps it.
import { Argument } from 'commander';
import { ConfigurationError } from '../../shared/errors.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import { helpText } from '../help-text.ts';
import { howMany } from '../options.ts';
import type { Target } from '../target.ts';
import type { Sluice, Verb } from './verb.ts';

const ACTIONS = ['list', 'show', 'pin', 'unpin', 'rollback'] as const;
type Action = (typeof ACTIONS)[number];

interface Options {
  readonly count: number;
  readonly reason?: string;
  readonly command?: string;
  readonly model?: string;
  readonly to?: string;
}

const HELP = `
  list      the candidates, newest first: the metric of each, and that of the champion that it was compared with on
            the same rows. Do not compare numbers of different weeks with one another
  show      the champion of each model: its files, every number of the recipes that it was chosen among, and the
            versions that were current before it
  pin       keep the champion current, even when training finds a better one; needs --reason
  unpin     let training promote a better candidate again; needs --reason
  rollback  make an older version of one model current again, and pin it: by default the version before this one, and
            with --to any version that show lists. The other models stay as they are; needs --reason

  npm run sluice -- models bikes --count 5
  npm run sluice -- models bikes show
  npm run sluice -- models bikes pin --reason "the report uses the model of May"
  npm run sluice -- models bikes unpin --reason "the report is out"
  npm run sluice -- models bikes rollback --model reg --reason "it counts the closed bridge"`;

export const models: Verb = (sluice) =>
  void sluice.program
    .command('models <pipeline>')
    .description('the models that a pipeline has trained: list them, pin the champion, roll back')
    .addArgument(new Argument('[action]', 'what to do').choices(ACTIONS).default('list'))
    .option('--count <n>', 'list: how many candidates of each model', howMany, 20)
    .option('--reason <text>', 'pin, unpin, rollback: why; it is recorded with your name')
    .option(
      '--command <id>',
      'pin, unpin, rollback: the id of an earlier command that was cut off: finishes it',
    )
    .option('--model <name>', 'rollback: the model, where the pipeline has several')
    .option('--to <publication>', 'rollback: the version to go back to, by its publication or its ordinal')
    .addHelpText('after', helpText(HELP))
    .action((name: string, action: Action, options: Options) => {
      const act = ACTS[action](options);
      const needsFunctions = action !== 'list' && action !== 'show';
      return sluice.on(needsFunctions, (target, pipeline) => act(sluice, target, pipeline), name);
    });

type Act = (sluice: Sluice, target: Target, pipeline: Pipeline) => Promise<void>;

/** Each is checked before anything is opened. */
const ACTS: Readonly<Record<Action, (options: Options) => Act>> = {
  list:
    ({ count }) =>
    async (...where) =>
      (await import('../actions/models.ts')).showModels(...where, count),
  show:
    () =>
    async (...where) =>
      (await import('../actions/show-champions.ts')).showChampions(...where),
  pin: (options) => pinning('pin', options),
  unpin: (options) => pinning('unpin', options),
  rollback({ model, to, ...options }) {
    const sent = { ...sending('rollback', options), model, to };
    return async (...where) => (await import('../actions/command-models.ts')).commandRollback(...where, sent);
  },
};

function pinning(verb: 'pin' | 'unpin', options: Options): Act {
  const sent = { ...sending(verb, options), verb };
  return async (...where) => (await import('../actions/command-models.ts')).commandPin(...where, sent);
}

function sending(verb: string, { reason, command }: Pick<Options, 'reason' | 'command'>) {
  if (reason === undefined) throw new ConfigurationError(`${verb} needs --reason <text>`);
  return { reason, ...(command === undefined ? {} : { command }) };
}
