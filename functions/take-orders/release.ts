// Release: the output of a held run is published all the same, as a replay in the person's name.
import { TransientError } from '../../shared/errors.ts';
import { readJson } from '../../shared/objects/json.ts';
import {
  done,
  refused,
  type AcceptedOrder,
  type RunOrder,
  type OrderResult,
} from '../../shared/orders/order.ts';
import { replayObject } from '../../shared/runs/names.ts';
import { readOutcome, runOutcome } from '../../shared/runs/outcome.ts';
import { noSuchRun, runExists, seen, type Mesh } from './mesh.ts';

// Less than the time for which a caller waits (shared/google/functions.ts).
const LONGEST_REPLAY_MS = 200_000;

export async function releaseRun({ order, by }: AcceptedOrder<RunOrder>, mesh: Mesh): Promise<OrderResult> {
  const { pipeline, run, reason, id } = order;
  const ended = await readOutcome(mesh.runs, pipeline, run);
  if (ended === undefined) {
    if (!(await runExists(mesh, pipeline, run))) return refused(noSuchRun(pipeline, run));
    return refused(`run ${run} has not ended; only a run that ended as held can be released.`);
  }
  if (ended.outcome !== 'held') {
    return refused(
      `run ${run} is ${ended.outcome}, not held: ${ended.reason} sluice replay publishes any output again.`,
    );
  }
  // The order's id names the replay: the same message twice is one publication.
  await mesh.loadRequested.publish({ pipeline, run, replay: id, overNewer: false, by, reason });
  const record = replayObject(pipeline, run, id);
  const replay = await seen(mesh, LONGEST_REPLAY_MS, () => readJson(mesh.runs, record, runOutcome));
  if (replay === undefined) {
    throw new TransientError(`the release of run ${run} was asked for, and ${record} is not there yet`);
  }
  const { outcome, reason: said } = replay.value;
  return outcome === 'published' ? done(`run ${run} is published: ${said}`) : refused(`${outcome}: ${said}`);
}
