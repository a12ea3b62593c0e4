// `sluice status`: what a pipeline does now, and what its outputs show.
import type { Verb } from './verb.ts';

export const status: Verb = (sluice) =>
  void sluice.program
    .command('status')
    .description(
      'what the pipeline does now, how its last poll and newest run ended, how fresh its outputs are',
    )
    .action(() =>
      sluice.on(false, async (target, pipeline) =>
        (await import('../actions/status.ts')).showStatus(sluice, target, pipeline),
      ),
    );
