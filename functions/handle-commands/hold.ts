// Hold: an output that is not published yet is kept back.
import { commandWithReason } from '../../shared/command-line.ts';
import {
  done,
  refused,
  type AcceptedCommand,
  type RunCommand,
  type CommandResult,
} from '../../shared/commands/command.ts';
import { readOutcome } from '../../shared/runs/outcome.ts';
import { decideOnce } from '../../shared/runs/decision.ts';
import { alreadyDecided, noSuchRun, runExists, type Ports } from './ports.ts';

export async function holdRun(
  { command, by, at }: AcceptedCommand<RunCommand>,
  ports: Ports,
): Promise<CommandResult> {
  const { pipeline, run, reason, id } = command;
  const ended = await readOutcome(ports.runs, pipeline, run);
  if (ended !== undefined) {
    return refused('TOO_LATE', `Too late: run ${run} ended as ${ended.outcome} at ${ended.at}.`);
  }
  if (!(await runExists(ports, pipeline, run))) return noSuchRun(pipeline, run);

  const stands = await decideOnce(ports.runs, pipeline, run, { kind: 'hold', command: id, by, reason, at });
  if (!('command' in stands))
    return refused(
      'TOO_LATE',
      `Too late: the output of run ${run} is being published, or is published already.`,
    );
  if (stands.command !== id) return alreadyDecided(stands);
  const toPublish = commandWithReason(pipeline, `release ${run}`);
  return done(
    `The output of run ${run} will be kept back when the job finishes. To publish it then: ${toPublish}`,
  );
}
