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
  readonly apply?: string;
}

const HELP = `
  list      the candidates, newest first: the metric of each, and that of the champion that it was compared with on
            the same rows. Do not compare numbers of different weeks with one another
  show      the champion of each model: its files, and every number of the recipes that it was chosen among
  pin       keep the champion current, even when training finds a better one; needs --reason
  unpin     let training promote a better candidate again; needs --reason
  rollback  make the models of the publication before this one current, and pin them: as sluice rollback, which plans
            first and carries the plan out with --apply

  npm run sluice -- models bikes --count 5
  npm run sluice -- models bikes show
  npm run sluice -- models bikes pin --reason "the report uses the model of May"
  npm run sluice -- models bikes unpin --reason "the report is out"`;

export const models: Verb = (sluice) =>
  void sluice.program
    .command('models <pipeline>')
    .description('the models that a pipeline has trained: list them, pin the champion, roll back')
    .addArgument(new Argument('[action]', 'what to do').choices(ACTIONS).default('list'))
    .option('--count <n>', 'list: how many candidates of each model', howMany, 20)
    .option('--reason <text>', 'pin, unpin, rollback --apply: why; it is recorded with your name')
    .option('--command <id>', 'pin, unpin: the id of an earlier command that was cut off: finishes it')
    .option('--apply <hash>', 'rollback: carry out the plan of this hash')
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
      (await import('../actions/models.ts')).showChampions(...where),
  pin: (options) => pinning('pin', options),
  unpin: (options) => pinning('unpin', options),
  rollback({ apply, reason }) {
    if (apply === undefined)
      return async (...where) => (await import('../actions/replay.ts')).planRollback(...where);
    const why = required(reason, '--apply');
    return async (...where) =>
      (await import('../actions/replay.ts')).applyRollback(...where, { apply, reason: why });
  },
};

function pinning(verb: 'pin' | 'unpin', { reason, command }: Options): Act {
  const options = { reason: required(reason, verb), ...(command === undefined ? {} : { command }) };
  return async (...where) =>
    (await import('../actions/models.ts')).commandPin(...where, { verb, ...options });
}

function required(reason: string | undefined, by: string): string {
  if (reason === undefined) throw new ConfigurationError(`${by} needs --reason <text>`);
  return reason;
}
