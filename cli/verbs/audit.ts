// `sluice audit`: who sent which command, when and why, and its result.
import { howMany } from '../options.ts';
import type { Verb } from './verb.ts';

export const audit: Verb = (sluice) =>
  void sluice.program
    .command('audit')
    .description(
      "the operators' commands for the pipeline and for dead letters, and the calls of the API that changed a job, newest first: who, when, what, why",
    )
    .option('--count <n>', 'how many', howMany, 20)
    .action(({ count }: { count: number }) =>
      sluice.on(false, async (target, pipeline) =>
        (await import('../actions/audit.ts')).showAudit(sluice, target, pipeline, count),
      ),
    );
