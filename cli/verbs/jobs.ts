// `sluice jobs`: the jobs that the caller has requested.
import type { JobsOptions } from '../actions/jobs.ts';
import { howMany } from '../options.ts';
import type { Verb } from './verb.ts';

export const jobs: Verb = (sluice) =>
  void sluice.program
    .command('jobs')
    .description('the jobs that you have requested, the newest first')
    .option('--state <state>', 'only jobs in this state, such as running or failed')
    .option('--limit <count>', 'how many jobs to show at most', howMany, 20)
    .action((options: JobsOptions) =>
      sluice.on(true, async (target) =>
        (await import('../actions/jobs.ts')).showJobs(sluice, target, options),
      ),
    );
