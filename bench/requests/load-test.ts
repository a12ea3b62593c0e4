// The load test of docs/LOAD.md against a deployed API: requests at a constant rate, and afterwards the invariants.
import { Command, InvalidArgumentError } from 'commander';
import { readFileSync } from 'node:fs';
import { enter, throwing } from '../../cli/entry.ts';
import { checkLoad } from './load-check.ts';
import { sendLoad, type SendOptions } from './load-send.ts';

interface CheckOptions {
  readonly project: string;
  readonly pipeline: string;
  readonly accepted: string;
  readonly endpoint?: string;
}

await enter(async () => {
  const program = throwing(new Command('node bench/requests/load-test.ts'));
  const accepted = ['--accepted <file>', 'the ids of accepted jobs, one a line'] as const;
  program
    .command('send')
    .requiredOption('--url <address>', 'of accept-requests')
    .requiredOption('--tokens <file>', 'identity tokens, one a line, of an owner each')
    .requiredOption('--pipeline <name>', 'that takes the requests')
    .requiredOption('--rate <number>', 'requests a second', positive)
    .requiredOption('--minutes <number>', 'for so long', positive)
    .requiredOption(...accepted)
    .action(async (options: SendOptions) => {
      if (!(await sendLoad(options))) process.exitCode = 1;
    });
  program
    .command('check')
    .requiredOption('--project <id>', 'the staging project')
    .requiredOption('--pipeline <name>', 'that took the requests')
    .requiredOption(...accepted)
    .option('--endpoint <address>', "of the local cloud, in place of Google's")
    .action((options: CheckOptions) => check(options));
  await program.parseAsync();
});

function positive(text: string): number {
  const number = Number(text);
  if (number > 0 && Number.isFinite(number)) return number;
  throw new InvalidArgumentError('Expected a number above 0.');
}

async function check({ project, pipeline, accepted, endpoint }: CheckOptions): Promise<void> {
  const config = {
    GOOGLE_CLOUD_PROJECT: project,
    ...(endpoint === undefined ? {} : { GOOGLE_API_ENDPOINT: endpoint }),
  };
  const ids = readFileSync(accepted, 'utf8').trim().split('\n');
  const checked = await checkLoad(config, pipeline, ids);
  process.stdout.write(`${JSON.stringify(checked, undefined, 2)}\n`);
  if (checked.lost.length > 0 || checked.unrecorded.length > 0) process.exitCode = 1;
}
