// `sluice tick`: polls the source, now.
import type { Verb } from './verb.ts';

export const tick: Verb = (sluice) =>
  void sluice.program
    .command('tick')
    .description('poll the source now, as the schedule would; run --force asks for a run in any case')
    .action(() =>
      sluice.on(true, async (target, pipeline) =>
        (await import('../actions/tick.ts')).tickNow(sluice, target, pipeline),
      ),
    );
