// `sluice runs`: the newest runs in a table.
import { howMany } from '../options.ts';
import type { Verb } from './verb.ts';

export const runs: Verb = (sluice) =>
  void sluice.program
    .command('runs')
    .description('the newest runs, newest first')
    .option('--count <n>', 'how many', howMany, 20)
    .action(({ count }: { count: number }) =>
      sluice.on(false, async (target, pipeline) =>
        (await import('../actions/runs.ts')).showRuns(sluice, target, pipeline, count),
      ),
    );
