// Release: the output of a held run is published, once, as a replay in the operator's name.
import { commandLine } from '../../shared/command-line.ts';
import { TransientError } from '../../shared/errors.ts';
import { readJson } from '../../shared/objects/json.ts';
import {
  refused,
  type AcceptedCommand,
  type RunCommand,
  type CommandResult,
} from '../../shared/commands/command.ts';
import { replayObject } from '../../shared/runs/names.ts';
import { readOutcome, runOutcome } from '../../shared/runs/outcome.ts';
import { sentence } from '../../shared/sentence.ts';
import { noSuchRun, resultOfReplay, runExists, observed, type Ports } from './ports.ts';

// Less than the time for which a caller waits (shared/google/functions.ts).
const LONGEST_REPLAY_MS = 200_000;

export async function releaseRun(
  { command, by, at }: AcceptedCommand<RunCommand>,
  ports: Ports,
): Promise<CommandResult> {
  const { pipeline, run } = command;
  const ended = await readOutcome(ports.runs, pipeline, run);
  if (ended === undefined) {
    if (!(await runExists(ports, pipeline, run))) return noSuchRun(pipeline, run);
    return refused('NOT_HELD', `Run ${run} has not ended; only a run that ended as held can be released.`);
  }
  if (ended.outcome !== 'held') {
    const why = sentence(`Run ${run} ended as ${ended.outcome}, not held: ${ended.reason}`);
    // A job that refused its input has stored no output.
    if (ended.code === 'INPUT_REFUSED') return refused('NOT_HELD', why);
    const toReplay = commandLine(pipeline, `replay ${run} --plan`);
    return refused('NOT_HELD', `${why} To publish a stored output again: ${toReplay}`);
  }
  return releaseHeld({ command, by, at }, ports);
}

/**
 * The command's id names the replay: the same message twice is one publication. Whether another command published the
 * output first is decided by publish-output, in the transaction that publishes it.
 */
export async function releaseHeld(
  { command, by }: AcceptedCommand<RunCommand>,
  ports: Ports,
): Promise<CommandResult> {
  const { pipeline, run, reason, id } = command;
  const message = { pipeline, run, replay: id, release: true, allowOlder: false, by, reason };
  await ports.loadRequested.publish(message);
  const record = replayObject(pipeline, run, id);
  const replay = await observed(ports, LONGEST_REPLAY_MS, () => readJson(ports.runs, record, runOutcome));
  if (replay === undefined) {
    throw new TransientError(
      `the release of run ${run} was passed on, and ${record} is not written yet; send the same command again`,
      { code: 'RESULT_PENDING' },
    );
  }
  return resultOfReplay(replay.value, (message) => `Run ${run} is published: ${message}`);
}
