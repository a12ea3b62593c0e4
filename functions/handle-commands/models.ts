// Pin, unpin and roll back: an entry of the ledger, in the operator's name, decides which model is current.
import { TransientError } from '../../shared/errors.ts';
import type { LoadRequested } from '../../shared/events/messages.ts';
import { readJson } from '../../shared/objects/json.ts';
import type {
  AcceptedCommand,
  CommandResult,
  RollbackCommand,
  RunCommand,
} from '../../shared/commands/command.ts';
import { replayObject } from '../../shared/runs/names.ts';
import { runOutcome } from '../../shared/runs/outcome.ts';
import { noSuchRun, resultOfReplay, runExists, observed, type Ports } from './ports.ts';

// Less than the time for which a caller waits (shared/google/functions.ts).
const LONGEST_CHANGE_MS = 200_000;

export const pinModel = (given: AcceptedCommand<RunCommand>, ports: Ports): Promise<CommandResult> =>
  passOn(given, { pin: given.command.verb === 'pin' }, ports);

export function rollBackModel(given: AcceptedCommand<RollbackCommand>, ports: Ports): Promise<CommandResult> {
  const { model, to, replaces } = given.command;
  return passOn(given, { modelRollback: { model, to, replaces } }, ports);
}

type Change = Pick<LoadRequested, 'pin' | 'modelRollback'>;

/** publish-output makes the change: only it may enter the ledger and move pointers. */
async function passOn(
  { command, by }: AcceptedCommand<RunCommand | RollbackCommand>,
  change: Change,
  ports: Ports,
): Promise<CommandResult> {
  const { pipeline, run, reason, id, verb } = command;
  if (!(await runExists(ports, pipeline, run))) return noSuchRun(pipeline, run);
  // The command's id names the entry: the same message twice is one entry.
  await ports.loadRequested.publish({ pipeline, run, replay: id, ...change, by, reason });
  const record = replayObject(pipeline, run, id);
  const answer = await observed(ports, LONGEST_CHANGE_MS, () => readJson(ports.runs, record, runOutcome));
  if (answer === undefined)
    throw new TransientError(
      `the ${verb} of ${pipeline} was passed on, and ${record} is not written yet; send the same command again`,
      { code: 'RESULT_PENDING' },
    );
  return resultOfReplay(answer.value, (message) => message);
}
