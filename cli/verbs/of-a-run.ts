// `sluice cancel`, `sluice hold` and `sluice release`: what an operator decides about one run.
import type { CommandOptions } from '../actions/send-command.ts';
import { withReason } from '../options.ts';
import type { Verb } from './verb.ts';

const TEXT = {
  cancel: 'end a run that is requested, queued or executing; waits until its execution has stopped',
  hold: 'keep the output of a run in progress from being published when the job finishes',
  release: 'publish the output of a run that was held, by an operator or by the quality check',
};

const verbOf =
  (verb: 'cancel' | 'hold' | 'release'): Verb =>
  (sluice) =>
    void withReason(sluice.program.command(`${verb} <run>`))
      .description(TEXT[verb])
      .action((run: string, options: CommandOptions) =>
        sluice.on(true, async (target, pipeline) =>
          (await import('../actions/command-run.ts')).commandRun(sluice, target, pipeline, {
            ...options,
            verb,
            run,
          }),
        ),
      );

export const cancel = verbOf('cancel');
export const hold = verbOf('hold');
export const release = verbOf('release');
