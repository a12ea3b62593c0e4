// `sluice pause` and `sluice resume`: whether a pipeline asks for new runs.
import { sendCommand, withReason, type CommandOptions } from '../send-command.ts';
import type { Verb } from './verb.ts';

const TEXT = {
  pause: 'ask for no new run of the pipeline until it is resumed; what is under way comes to its end',
  resume: 'let the ticks of a paused pipeline look at the source again',
};

const verbOf =
  (verb: 'pause' | 'resume'): Verb =>
  (sluice) =>
    void withReason(sluice.program.command(verb))
      .description(TEXT[verb])
      .action((options: CommandOptions) =>
        sluice.on(true, async (target, { name }) => {
          await sendCommand(sluice, target, { verb, pipeline: name }, options);
        }),
      );

export const pause = verbOf('pause');
export const resume = verbOf('resume');
