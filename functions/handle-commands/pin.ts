// Pin and unpin: an entry of the ledger, in the operator's name, keeps the current model or lets training replace it.
import { TransientError } from '../../shared/errors.ts';
import { readJson } from '../../shared/objects/json.ts';
import { type AcceptedCommand, type CommandResult, type RunCommand } from '../../shared/commands/command.ts';
import { replayObject } from '../../shared/runs/names.ts';
import { runOutcome } from '../../shared/runs/outcome.ts';
import { noSuchRun, resultOfReplay, runExists, observed, type Ports } from './ports.ts';

// Less than the time for which a caller waits (shared/google/functions.ts).
const LONGEST_PIN_MS = 200_000;

export async function pinModel(
  { command, by }: AcceptedCommand<RunCommand>,
  ports: Ports,
): Promise<CommandResult> {
  const { pipeline, run, reason, id, verb } = command;
  if (!(await runExists(ports, pipeline, run))) return noSuchRun(pipeline, run);
  // The command's id names the entry: the same message twice is one entry.
  await ports.loadRequested.publish({ pipeline, run, replay: id, pin: verb === 'pin', by, reason });
  const record = replayObject(pipeline, run, id);
  const answer = await observed(ports, LONGEST_PIN_MS, () => readJson(ports.runs, record, runOutcome));
  if (answer === undefined)
    throw new TransientError(
      `the ${verb} of ${pipeline} was passed on, and ${record} is not written yet; send the same command again`,
      { code: 'RESULT_PENDING' },
    );
  return resultOfReplay(answer.value, (message) => message);
}
