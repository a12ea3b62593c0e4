// `sluice cancel`, `sluice hold` and `sluice release`: what a person decides about one run.
import { sendCommand, withReason, type CommandOptions } from '../send-command.ts';
import { untilIdle } from '../until-idle.ts';
import type { Verb } from './verb.ts';

const TEXT = {
  cancel: 'end a run that is requested, queued or executing; waits until its execution is gone',
  hold: 'keep the output of a run that is under way from being published when it comes',
  release: 'publish the output of a run that was held, by a person or by the gate',
};

const verbOf =
  (verb: 'cancel' | 'hold' | 'release'): Verb =>
  (sluice) =>
    void withReason(sluice.program.command(`${verb} <run>`))
      .description(TEXT[verb])
      .action((run: string, options: CommandOptions) =>
        sluice.on(true, async (target, pipeline) => {
          await sendCommand(sluice, target, { verb, pipeline: pipeline.name, run }, options);
          await untilIdle(target, pipeline);
        }),
      );

export const cancel = verbOf('cancel');
export const hold = verbOf('hold');
export const release = verbOf('release');
