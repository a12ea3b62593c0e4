// `sluice trace`: a run's trace as a tree, or where Google shows it.
import type { Verb } from './verb.ts';

export const trace: Verb = (sluice) =>
  void sluice.program
    .command('trace <run>')
    .description("print a run's trace, from the tick to the publication; in a project, print its address")
    .action((run: string) =>
      sluice.on(false, async (target, pipeline) =>
        (await import('../actions/trace.ts')).showTrace(sluice, target, pipeline, run),
      ),
    );
