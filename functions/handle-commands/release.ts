// Release: the output of a held run is published all the same, as a replay in the person's name.
import { TransientError } from '../../shared/errors.ts';
import { readJson } from '../../shared/objects/json.ts';
import {
  done,
  refused,
  type AcceptedCommand,
  type RunCommand,
  type CommandResult,
} from '../../shared/commands/command.ts';
import { replayObject } from '../../shared/runs/names.ts';
import { readOutcome, runOutcome } from '../../shared/runs/outcome.ts';
import { noSuchRun, runExists, observed, type Ports } from './ports.ts';

// Less than the time for which a caller waits (shared/google/functions.ts).
const LONGEST_REPLAY_MS = 200_000;

export async function releaseRun(
  { command, by }: AcceptedCommand<RunCommand>,
  ports: Ports,
): Promise<CommandResult> {
  const { pipeline, run, reason, id } = command;
  const ended = await readOutcome(ports.runs, pipeline, run);
  if (ended === undefined) {
    if (!(await runExists(ports, pipeline, run))) return refused(noSuchRun(pipeline, run));
    return refused(`run ${run} has not ended; only a run that ended as held can be released.`);
  }
  if (ended.outcome !== 'held') {
    return refused(
      `run ${run} is ${ended.outcome}, not held: ${ended.reason} sluice replay publishes any output again.`,
    );
  }
  // The order's id names the replay: the same message twice is one publication.
  await ports.loadRequested.publish({ pipeline, run, replay: id, allowOlder: false, by, reason });
  const record = replayObject(pipeline, run, id);
  const replay = await observed(ports, LONGEST_REPLAY_MS, () => readJson(ports.runs, record, runOutcome));
  if (replay === undefined) {
    throw new TransientError(`the release of run ${run} was asked for, and ${record} is not there yet`);
  }
  const { outcome, reason: message } = replay.value;
  return outcome === 'published'
    ? done(`run ${run} is published: ${message}`)
    : refused(`${outcome}: ${message}`);
}
