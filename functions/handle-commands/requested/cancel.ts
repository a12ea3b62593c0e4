// Cancel of a requested run: at the same gates as its requester's cancel; the dispatch carries the decision out.
import {
  done,
  refused,
  type AcceptedCommand,
  type CommandResult,
  type RunCommand,
} from '../../../shared/commands/command.ts';
import { endAtGates, type Gates } from '../../../shared/requests/ends.ts';
import { passStart } from '../../../shared/requests/gates.ts';
import { decideOnce } from '../../../shared/runs/decision.ts';
import { readOutcome } from '../../../shared/runs/outcome.ts';
import { observed, resultOfEnd, tooLate, type Ports } from '../ports.ts';

/** The dispatch that was requested takes seconds; without it the sweep records the outcome within ten minutes. */
const LONGEST_ENDING_MS = 30_000;

/**
 *     start.json: not started ──▶ cancelled before its start
 *        └ started ──▶ decision.json: not published ──▶ the dispatch ends its execution
 *                         └ publish or hold came before: too late
 */
export async function cancelRequested(
  { command, by, at }: AcceptedCommand<RunCommand>,
  ports: Ports,
): Promise<CommandResult> {
  const { pipeline, run, reason, id } = command;
  const before = await readOutcome(ports.runs, pipeline, run);
  if (before !== undefined) return resultOfEnd(before, '');
  const start = await passStart(ports.runs, pipeline, run, { kind: 'cancel', by, reason, at });
  const gates: Gates = { approval: undefined, start };
  if (start.kind === 'cancel') return carriedOut(command, gates, ports);
  if (start.kind === 'expire')
    return refused('TOO_LATE', `Too late: the time of run ${run} was over at ${start.at}.`);
  const decided = await decideOnce(ports.runs, pipeline, run, {
    kind: 'cancel',
    command: id,
    by,
    reason,
    at,
  });
  if (!('command' in decided)) return tooLate(command, ports);
  if (decided.kind === 'hold')
    return refused(
      'ALREADY_DECIDED',
      `${decided.by} holds run ${run} since ${decided.at}: ${decided.reason}. The first decision stands, so the job goes on to its end; its result is published only by a release.`,
    );
  return carriedOut(command, { ...gates, decision: decided }, ports);
}

/** The gate has decided; the hint makes the dispatch record the outcome and stop the execution. */
async function carriedOut({ pipeline, run }: RunCommand, gates: Gates, ports: Ports): Promise<CommandResult> {
  await ports.runRequested.publish({ pipeline, run });
  const ended = await observed(ports, LONGEST_ENDING_MS, () => readOutcome(ports.runs, pipeline, run));
  const what = gates.decision === undefined ? 'It had not started.' : 'Its result is not published.';
  if (ended !== undefined) return resultOfEnd(ended, what);
  const why = endAtGates(gates)?.reason ?? '';
  return done(`Run ${run} is being cancelled. ${what} ${why} The next sweep records it.`);
}
