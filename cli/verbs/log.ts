// `sluice log`: what the job of a run printed.
import { howMany } from '../options.ts';
import type { Verb } from './verb.ts';

export const log: Verb = (sluice) =>
  void sluice.program
    .command('log <run>')
    .description("print the job's log of a run, at most its newest 20,000 lines")
    .option('--attempt <n>', 'the attempt (default: the last)', howMany)
    .action((run: string, { attempt }: { attempt?: number }) =>
      sluice.on(false, async (target, pipeline) =>
        (await import('../actions/log.ts')).showLog(sluice, target, pipeline, run, attempt),
      ),
    );
