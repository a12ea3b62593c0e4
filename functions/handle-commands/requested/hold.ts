// Hold of a requested run: its result is kept back, whether the run has started or still waits.
import { commandWithReason } from '../../../shared/command-line.ts';
import {
  done,
  refused,
  type AcceptedCommand,
  type CommandResult,
  type RunCommand,
} from '../../../shared/commands/command.ts';
import { readStart } from '../../../shared/requests/gates.ts';
import { decideOnce } from '../../../shared/runs/decision.ts';
import { readOutcome } from '../../../shared/runs/outcome.ts';
import { alreadyDecided, type Ports } from '../ports.ts';

export async function holdRequested(
  { command, by, at }: AcceptedCommand<RunCommand>,
  ports: Ports,
): Promise<CommandResult> {
  const { pipeline, run, reason, id } = command;
  const ended = await readOutcome(ports.runs, pipeline, run);
  if (ended !== undefined)
    return refused('TOO_LATE', `Too late: run ${run} ended as ${ended.outcome} at ${ended.at}.`);
  const start = await readStart(ports.runs, pipeline, run);
  if (start !== undefined && start.kind !== 'start')
    return refused(
      'TOO_LATE',
      `Too late: run ${run} ${start.kind === 'cancel' ? `was cancelled by ${start.by}` : 'expired'} at ${start.at}.`,
    );
  const stands = await decideOnce(ports.runs, pipeline, run, { kind: 'hold', command: id, by, reason, at });
  if (!('command' in stands))
    return refused(
      'TOO_LATE',
      stands.kind === 'publish'
        ? `Too late: the result of run ${run} is being published, or is published already.`
        : `Too late: run ${run} ends without a result.`,
    );
  if (stands.command !== id) return alreadyDecided(stands);
  const toPublish = commandWithReason(pipeline, `release ${run}`);
  return done(
    `The result of run ${run} will be kept back when the job finishes. To publish it then: ${toPublish}`,
  );
}
