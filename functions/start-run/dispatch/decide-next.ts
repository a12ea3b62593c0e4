// Makes the next decision: decides on what the listing shows, checks the runs that would start, and decides again.
import { concurrently } from '../../../shared/concurrently.ts';
import { decide, type Decision, type NextState, type SlotChange } from '../../../shared/requests/decide.ts';
import type { Entry } from '../../../shared/requests/queue.ts';
import type { Attended } from './attend.ts';
import { checkEntry } from './check.ts';
import type { RequestsPipeline } from '../../../shared/pipelines/pipeline.ts';
import type { DispatchPorts } from './ports.ts';

const CHECKS_AT_ONCE = 16;

/**
 * An entry is checked only when its turn comes, and once in a dispatch: reading the gates of a whole queue for each decision would
 * cost more than its runs. Each round checks at least one more entry, so there are at most as many rounds as entries;
 * each looks twice as far ahead.
 */
export async function decideNext(
  pipeline: RequestsPipeline,
  state: NextState,
  changes: readonly SlotChange[],
  { queue, startable: found }: Attended,
  ports: DispatchPorts,
): Promise<Decision> {
  const { trigger } = pipeline;
  const nowMs = ports.now();
  const entries = new Map(queue.candidates.map((entry) => [entry.run, entry]));
  const startable = new Set(found);
  const decideOn = (ahead: number): Decision => {
    const queued = { ...queue, candidates: [...entries.values()] };
    const bounds = { ...trigger, concurrency: trigger.concurrency + ahead };
    return decide(state, changes, queued, bounds, nowMs);
  };
  for (let ahead = 0; ; ahead = Math.max(CHECKS_AT_ONCE, 2 * ahead)) {
    const decision = decideOn(0);
    if (decision.started.every(({ run }) => startable.has(run))) return decision;
    const unchecked = decideOn(ahead)
      .started.map(({ run }) => entries.get(run))
      .filter((entry): entry is Entry => entry !== undefined && !startable.has(entry.run));
    await concurrently(unchecked, CHECKS_AT_ONCE, async (entry) => {
      if ((await checkEntry(pipeline, entry, ports)) === 'startable') startable.add(entry.run);
      else entries.delete(entry.run);
    });
  }
}
