// `sluice models`, `pin` and `unpin`: the registered candidates of a pipeline's models, and which is the champion.
import type { CommandOptions } from '../actions/send-command.ts';
import { howMany, withReason } from '../options.ts';
import type { Verb } from './verb.ts';

const HELP = `
Newest first: the metric of each candidate, and that of the champion that it was compared with on the same rows.
Do not compare numbers of different weeks with one another.

  npm run sluice -- models bikes --count 5
  npm run sluice -- pin bikes --reason "the report uses the model of May"
  npm run sluice -- unpin bikes --reason "the report is out"`;

export const models: Verb = (sluice) =>
  void sluice.program
    .command('models <pipeline>')
    .description('the candidates that a pipeline has trained, and which of them is the champion')
    .option('--count <n>', 'how many candidates of each model', howMany, 20)
    .addHelpText('after', HELP)
    .action((name: string, { count }: { readonly count: number }) =>
      sluice.on(
        false,
        async (target, pipeline) =>
          (await import('../actions/models.ts')).showModels(sluice, target, pipeline, count),
        name,
      ),
    );

const pinVerb =
  (verb: 'pin' | 'unpin', text: string): Verb =>
  (sluice) =>
    void withReason(sluice.program.command(`${verb} <pipeline>`))
      .description(text)
      .action((name: string, options: CommandOptions) =>
        sluice.on(
          true,
          async (target, pipeline) =>
            (await import('../actions/models.ts')).commandPin(sluice, target, pipeline, { verb, ...options }),
          name,
        ),
      );

export const pin = pinVerb('pin', 'keep the champion current, even when training finds a better one');
export const unpin = pinVerb('unpin', 'let training promote a better candidate again');
