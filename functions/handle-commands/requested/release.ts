// Release of a held requested run: publish-output records that its result is published, in the operator's name.
import {
  refused,
  type AcceptedCommand,
  type CommandResult,
  type RunCommand,
} from '../../../shared/commands/command.ts';
import { readReleased } from '../../../shared/requests/released.ts';
import { replayObject } from '../../../shared/runs/names.ts';
import { readOutcome } from '../../../shared/runs/outcome.ts';
import { sentence } from '../../../shared/sentence.ts';
import type { Ports } from '../ports.ts';
import { releaseHeld } from '../release.ts';

export async function releaseRequested(
  accepted: AcceptedCommand<RunCommand>,
  ports: Ports,
): Promise<CommandResult> {
  const { pipeline, run, id } = accepted.command;
  const ended = await readOutcome(ports.runs, pipeline, run);
  if (ended === undefined)
    return refused('NOT_HELD', `Run ${run} has not ended; only a run that ended as held can be released.`);
  if (ended.outcome !== 'held')
    return refused('NOT_HELD', sentence(`Run ${run} ended as ${ended.outcome}, not held: ${ended.reason}`));
  const released = await readReleased(ports.runs, pipeline, run);
  // This command's own record is its result, below.
  const own = await ports.runs.info(replayObject(pipeline, run, id));
  if (released !== undefined && own === undefined)
    return refused('NOT_HELD', `Run ${run} was released before, at ${released.at}: ${released.reason}`);
  return releaseHeld(accepted, ports);
}
