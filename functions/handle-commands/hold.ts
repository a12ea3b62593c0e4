// Hold: an output that has not been published yet is kept from being published.
import {
  done,
  refused,
  type AcceptedCommand,
  type RunCommand,
  type CommandResult,
} from '../../shared/commands/command.ts';
import { readOutcome } from '../../shared/runs/outcome.ts';
import { decideOnce } from '../../shared/runs/decision.ts';
import { noSuchRun, runExists, type Ports } from './ports.ts';

export async function holdRun(
  { command, by, at }: AcceptedCommand<RunCommand>,
  ports: Ports,
): Promise<CommandResult> {
  const { pipeline, run, reason, id } = command;
  const ended = await readOutcome(ports.runs, pipeline, run);
  if (ended !== undefined) {
    return refused(`run ${run} has ended, ${ended.outcome} at ${ended.at}; expected one that is under way.`);
  }
  if (!(await runExists(ports, pipeline, run))) return refused(noSuchRun(pipeline, run));

  const stands = await decideOnce(ports.runs, pipeline, run, { kind: 'hold', command: id, by, reason, at });
  if (stands.kind === 'publish') return refused(`the output of run ${run} is being published already.`);
  if (stands.command !== id) {
    return refused(`${stands.by} ruled before: ${stands.kind}, at ${stands.at}: ${stands.reason}.`);
  }
  return done(`the output of run ${run} will be held when it comes; sluice release ${run} publishes it.`);
}
