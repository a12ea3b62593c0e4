// `sluice job`: one requested job, and what its owner or an approver does with it.
import { Argument } from 'commander';
import { ConfigurationError } from '../../shared/errors.ts';
import { fromCaller } from '../caller-folder.ts';
import { helpText } from '../help-text.ts';
import { JOB_ACTIONS, NEEDED, type JobAction, type JobOptions } from '../requests/job-actions.ts';
import type { Verb } from './verb.ts';

const HELP = `
Without an action the job is shown. A cancel is in time until the result is published; the answer says where it was
decided. An approval quotes the hash of the estimate that sluice job has shown. The result is written into --out; an
attachment is named with --file. erase removes what was sent with the request, after the job has ended; its record
stays.

  npm run sluice -- job <id> cancel --reason "wrong dates"
  npm run sluice -- job <id> approve --estimate <hash> --reason "agreed"
  npm run sluice -- job <id> result --file forecast.csv --out forecast.csv`;

export const job: Verb = (sluice) =>
  void sluice.program
    .command('job <id>')
    .description('show a requested job, or cancel, approve, reject, fetch or erase it')
    .addArgument(new Argument('[action]', 'what to do').choices(JOB_ACTIONS).default('show'))
    .option('--reason <text>', 'why; recorded, and shown with the job')
    .option('--estimate <hash>', 'the hash of the estimate that is approved or rejected')
    .option('--out <file>', 'where the result is written', fromCaller)
    .option('--file <name>', 'an attachment of the result, in place of the result')
    .addHelpText('after', helpText(HELP))
    .action(async (id: string, action: JobAction, options: JobOptions) => {
      const missing = NEEDED[action].filter((name) => options[name] === undefined);
      if (missing.length > 0)
        throw new ConfigurationError(`${action} needs ${missing.map((name) => `--${name}`).join(' and ')}`);
      const { pipelineOfJob } = await import('../requests/open.ts');
      const work = await import('../actions/job.ts');
      await sluice.on(
        true,
        (target, pipeline) => work.actOnJob(sluice, target, pipeline, id, action, options),
        pipelineOfJob(id),
      );
    });
