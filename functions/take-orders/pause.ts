// Pause and resume: whether a pipeline asks for new runs. The head says so, so that a tick sees it at no cost.
import { TransientError } from '../../shared/errors.ts';
import {
  done,
  refused,
  type AcceptedOrder,
  type PipelineOrder,
  type OrderResult,
} from '../../shared/orders/order.ts';
import { emptyHead, moveHead, readHead, type Head, type Pause } from '../../shared/runs/head.ts';
import type { Mesh } from './mesh.ts';

type Given = AcceptedOrder<PipelineOrder>;

// A tick at the same moment moves the head as well; each conflict means that it got through.
const MOST_CONFLICTS = 10;

export function pausePipeline({ order, by, at }: Given, mesh: Mesh): Promise<OrderResult> {
  const { pipeline, reason, id } = order;
  const pause: Pause = { order: id, by, reason, at };
  return movePause(pipeline, mesh, ({ paused }) => {
    if (paused === null) {
      return { next: pause, result: done(`${pipeline} is paused; what is under way comes to its end.`) };
    }
    // An earlier try of this very order got this far.
    if (paused.order === id) return { result: done(`${pipeline} is paused.`) };
    return {
      result: refused(`${pipeline} is paused already, by ${paused.by} since ${paused.at}: ${paused.reason}.`),
    };
  });
}

export function resumePipeline({ order }: Given, mesh: Mesh): Promise<OrderResult> {
  const { pipeline } = order;
  return movePause(pipeline, mesh, ({ paused }) =>
    paused === null
      ? { result: done(`${pipeline} is not paused; its ticks look at the source.`) }
      : { next: null, result: done(`${pipeline} goes on; ${paused.by} had paused it at ${paused.at}.`) },
  );
}

interface Move {
  /** Undefined: the head is as it should be. */
  readonly next?: Pause | null;
  readonly result: OrderResult;
}

async function movePause(pipeline: string, mesh: Mesh, decide: (head: Head) => Move): Promise<OrderResult> {
  for (let conflict = 0; conflict < MOST_CONFLICTS; conflict++) {
    const head = await readHead(mesh.runs, pipeline);
    const token = mesh.newId();
    const before = head?.value ?? emptyHead(token);
    const { next, result } = decide(before);
    if (next === undefined) return result;
    if (await moveHead(mesh.runs, pipeline, head, { ...before, token, paused: next })) return result;
  }
  throw new TransientError(`the head of ${pipeline} moved ${MOST_CONFLICTS} times under this order`);
}
