// `sluice pause` and `sluice resume`: whether a pipeline asks for new runs.
import type { CommandOptions } from '../actions/send-command.ts';
import { withReason } from '../options.ts';
import type { Verb } from './verb.ts';

const TEXT = {
  pause: 'start no new run of the pipeline until it is resumed; runs in progress finish',
  resume: 'let a paused pipeline poll its source and start runs again',
};

const verbOf =
  (verb: 'pause' | 'resume'): Verb =>
  (sluice) =>
    void withReason(sluice.program.command(verb))
      .description(TEXT[verb])
      .action((options: CommandOptions) =>
        sluice.on(true, async (target, { name }) => {
          const { sendCommand } = await import('../actions/send-command.ts');
          await sendCommand(sluice, target, { verb, pipeline: name }, options);
        }),
      );

export const pause = verbOf('pause');
export const resume = verbOf('resume');
