// `sluice pipelines`: every pipeline of the mesh, a line each.
import type { Verb } from './verb.ts';

export const pipelines: Verb = (sluice) =>
  void sluice.program
    .command('pipelines')
    .description('all pipelines: the newest run of each, and what it does now')
    .action(() =>
      sluice.on(false, async (target) =>
        (await import('../actions/pipelines.ts')).showPipelines(sluice, target),
      ),
    );
