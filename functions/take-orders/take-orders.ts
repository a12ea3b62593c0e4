// The story of an order: write down who wishes what and why, carry it out, write down what came of it.
import { PermanentError } from '../../shared/errors.ts';
import { recordEnd, readEnd, recordIntent } from '../../shared/orders/audit.ts';
import { refused, type AcceptedOrder, type Order, type OrderResult } from '../../shared/orders/order.ts';
import { cancelRun } from './cancel.ts';
import { forceRun } from './force.ts';
import { holdRun } from './hold.ts';
import { dropLetters, redriveLetters } from './letters.ts';
import type { Mesh } from './mesh.ts';
import { pausePipeline, resumePipeline } from './pause.ts';
import { pinModel } from './pin.ts';
import { releaseRun } from './release.ts';

/**
 * The same order again, by the same person, acts once: it finishes what was cut off, or tells what came of it
 * (law 1). `by` is the caller's identity, as its token said.
 */
export async function takeOrder(given: Order, by: string, mesh: Mesh): Promise<OrderResult> {
  const now = () => new Date(mesh.now()).toISOString();
  const mine: AcceptedOrder = { order: given, by, at: now() };
  const accepted = await recordIntent(mesh.audit, mine);
  if (accepted.by !== by || JSON.stringify(accepted.order) !== JSON.stringify(given)) {
    throw new PermanentError(
      `the order ${given.id} was given by ${accepted.by} as ${accepted.order.verb}; expected an id of its own for another order`,
    );
  }
  const ended = await readEnd(mesh.audit, given);
  if (ended !== undefined) return ended;

  const log = mesh.log.child({ order: given.id, verb: given.verb, by, reason: given.reason });
  const result = await carryOut(accepted, mesh);
  log.info({ result: result.result }, `${given.verb} by ${by}: ${result.said}`);
  return recordEnd(mesh.audit, given, result, now());
}

/** What another try cannot help is a result as well; any other failure leaves the intent to be finished. */
async function carryOut(accepted: AcceptedOrder, mesh: Mesh): Promise<OrderResult> {
  try {
    return await act(accepted, mesh);
  } catch (error) {
    if (error instanceof PermanentError) return refused(error.message);
    throw error;
  }
}

function act({ order, ...given }: AcceptedOrder, mesh: Mesh): Promise<OrderResult> {
  switch (order.verb) {
    case 'pause':
      return pausePipeline({ ...given, order }, mesh);
    case 'resume':
      return resumePipeline({ ...given, order }, mesh);
    case 'run':
      return forceRun({ ...given, order }, mesh);
    case 'cancel':
      return cancelRun({ ...given, order }, mesh);
    case 'hold':
      return holdRun({ ...given, order }, mesh);
    case 'release':
      return releaseRun({ ...given, order }, mesh);
    case 'pin':
    case 'unpin':
      return pinModel({ ...given, order }, mesh);
    case 'redrive':
      return redriveLetters({ ...given, order }, mesh);
    case 'drop':
      return dropLetters({ ...given, order }, mesh);
  }
}
