// Hold: an output that has not been published yet is kept from being published.
import {
  done,
  refused,
  type AcceptedOrder,
  type RunOrder,
  type OrderResult,
} from '../../shared/orders/order.ts';
import { readOutcome } from '../../shared/runs/outcome.ts';
import { rule } from '../../shared/runs/ruling.ts';
import { noSuchRun, runExists, type Mesh } from './mesh.ts';

export async function holdRun({ order, by, at }: AcceptedOrder<RunOrder>, mesh: Mesh): Promise<OrderResult> {
  const { pipeline, run, reason, id } = order;
  const ended = await readOutcome(mesh.runs, pipeline, run);
  if (ended !== undefined) {
    return refused(`run ${run} has ended, ${ended.outcome} at ${ended.at}; expected one that is under way.`);
  }
  if (!(await runExists(mesh, pipeline, run))) return refused(noSuchRun(pipeline, run));

  const stands = await rule(mesh.runs, pipeline, run, { kind: 'hold', order: id, by, reason, at });
  if (stands.kind === 'publish') return refused(`the output of run ${run} is being published already.`);
  if (stands.order !== id) {
    return refused(`${stands.by} ruled before: ${stands.kind}, at ${stands.at}: ${stands.reason}.`);
  }
  return done(`the output of run ${run} will be held when it comes; sluice release ${run} publishes it.`);
}
