// `sluice run`: one run whole; or, by force, a run of the folder as it is.
import { ConfigurationError } from '../../shared/errors.ts';
import type { RunHistory } from '../../shared/history/history.ts';
import * as commands from '../commands.ts';
import { sendCommand, type CommandOptions } from '../send-command.ts';
import { untilIdle } from '../until-idle.ts';
import type { Verb } from './verb.ts';

type Options = Partial<CommandOptions> & { readonly force?: boolean };

export const run: Verb = (sluice) =>
  void sluice.program
    .command('run [id]')
    .description('one run whole: its files, attempts, outcome and replays; or, with --force, a new run')
    .option('--force', 'ask for a run of the folder as it is, even if nothing changed; needs --reason')
    .option('--reason <text>', 'why; it is recorded with your name, see sluice audit')
    .option('--command <id>', 'the id of an earlier order that was cut off: finishes it')
    .action((id: string | undefined, { force, reason, command }: Options) =>
      sluice.on(force === true, async (target, pipeline) => {
        if (force !== true) return sluice.show(factsOf(await commands.run(target, pipeline, idOf(id))));
        if (id !== undefined)
          throw new ConfigurationError(`--force asks for a new run; ${id} is one already`);
        if (reason === undefined) throw new ConfigurationError('--force needs --reason <text>');
        const options = { reason, ...(command === undefined ? {} : { command }) };
        const asked = await sendCommand(sluice, target, { verb: 'run', pipeline: pipeline.name }, options);
        await untilIdle(target, pipeline);
        if (target.opened === undefined || asked.run === undefined) return;
        const { outcome } = await commands.run(target, pipeline, asked.run);
        if (outcome !== undefined) sluice.show({ ...outcome });
      }),
    );

function idOf(id: string | undefined): string {
  if (id !== undefined) return id;
  throw new ConfigurationError('expected the id of a run (sluice runs lists them), or --force for a new one');
}

const factsOf = ({ run, request, input, attempts, status, outcome, replays }: RunHistory) => ({
  run,
  status,
  code: outcome?.code ?? '',
  reason: outcome?.reason ?? '',
  requested: request.requestedAt,
  'came from': [
    `${request.cause.kind}, ${request.cause.by}`,
    ...(request.cause.reason === null ? [] : [request.cause.reason]),
  ],
  frozen: input?.frozenAt ?? 'not yet',
  files: request.snapshot.map(({ role, name, sizeBytes }) => `${name} (${role}, ${sizeBytes} bytes)`),
  notes: request.notes ?? [],
  attempts: attempts.map(({ attempt, at }) => `${attempt} at ${at}`),
  ended: outcome?.at ?? 'not yet',
  rows: outcome?.rows ?? '',
  replays: replays.map((replay) => `${replay.nonce} ${replay.outcome.outcome}: ${replay.outcome.reason}`),
});
