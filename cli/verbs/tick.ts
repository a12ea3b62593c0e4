// `sluice tick`: polls the source, now.
import type { Verb } from './verb.ts';

export const tick: Verb = (sluice) =>
  void sluice.program
    .command('tick')
    .description(
      'poll the source now, as the schedule would; run --force requests a run even if nothing changed',
    )
    .action(() =>
      sluice.on(true, async (target, pipeline) =>
        (await import('../actions/tick.ts')).tickNow(sluice, target, pipeline),
      ),
    );
