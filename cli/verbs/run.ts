// `sluice run`: one run whole; or, by force, a new run of the source as it is.
import { ConfigurationError } from '../../shared/errors.ts';
import type { CommandOptions } from '../actions/send-command.ts';
import type { Verb } from './verb.ts';

type Options = Partial<CommandOptions> & { readonly force?: boolean };

export const run: Verb = (sluice) =>
  void sluice.program
    .command('run [id]')
    .description('show one run: files, attempts, problems, outcome, replays; with --force, request a new run')
    .option('--force', 'request a run of the present source, even if nothing changed; needs --reason')
    .option('--reason <text>', 'why; recorded with your name, see sluice audit')
    .option('--command <id>', 'finish an interrupted command with this id')
    .action((id: string | undefined, { force, reason, command }: Options) => {
      if (force !== true) return show(sluice, id);
      if (id !== undefined)
        throw new ConfigurationError(`--force requests a new run and takes no run id; found ${id}`);
      if (reason === undefined) throw new ConfigurationError('--force needs --reason <text>');
      const options = { reason, ...(command === undefined ? {} : { command }) };
      return sluice.on(true, async (target, pipeline) =>
        (await import('../actions/force-run.ts')).forceRun(sluice, target, pipeline, options),
      );
    });

function show(sluice: Parameters<Verb>[0], id: string | undefined): Promise<void> {
  if (id === undefined)
    throw new ConfigurationError(
      `expected the id of a run, or --force for a new one\nTo list the runs: ${sluice.line('runs')}`,
    );
  return sluice.on(false, async (target, pipeline) =>
    (await import('../actions/run.ts')).showRun(sluice, target, pipeline, id),
  );
}
