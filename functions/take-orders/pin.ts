// Pin and unpin: the model that is served is held, or let go again, by an entry of the ledger in the person's name.
import { TransientError } from '../../shared/errors.ts';
import { readJson } from '../../shared/objects/json.ts';
import {
  done,
  refused,
  type AcceptedOrder,
  type OrderResult,
  type RunOrder,
} from '../../shared/orders/order.ts';
import { replayObject } from '../../shared/runs/names.ts';
import { runOutcome } from '../../shared/runs/outcome.ts';
import { noSuchRun, runExists, seen, type Mesh } from './mesh.ts';

// Less than the time for which a caller waits (shared/google/functions.ts).
const LONGEST_PIN_MS = 200_000;

export async function pinModel({ order, by }: AcceptedOrder<RunOrder>, mesh: Mesh): Promise<OrderResult> {
  const { pipeline, run, reason, id, verb } = order;
  if (!(await runExists(mesh, pipeline, run))) return refused(noSuchRun(pipeline, run));
  // The order's id names the entry: the same message twice is one entry.
  await mesh.loadRequested.publish({ pipeline, run, replay: id, pin: verb === 'pin', by, reason });
  const record = replayObject(pipeline, run, id);
  const answer = await seen(mesh, LONGEST_PIN_MS, () => readJson(mesh.runs, record, runOutcome));
  if (answer === undefined)
    throw new TransientError(`the ${verb} of ${pipeline} was asked for, and ${record} is not there yet`);
  const { outcome, reason: said } = answer.value;
  return outcome === 'published' ? done(said) : refused(`${outcome}: ${said}`);
}
