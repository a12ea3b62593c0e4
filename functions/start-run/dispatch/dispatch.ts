// The story of a dispatch: settle the slots, attend to the queue, decide what starts, and carry it out.
import { counted } from '../../../shared/counted.ts';
import { TransientError } from '../../../shared/errors.ts';
import { createDecision, forgetDecisions, newestDecision } from '../../../shared/requests/decisions.ts';
import { noState } from '../../../shared/requests/decide.ts';
import type { DispatchState } from '../../../shared/requests/dispatch.ts';
import { listQueue, type Queue } from '../../../shared/requests/queue.ts';
import { waitingOf } from '../../../shared/requests/waiting.ts';
import { attendQueue } from './attend.ts';
import { carryOut } from './carry-out.ts';
import { decideNext } from './decide-next.ts';
import { settleSlots } from './free.ts';
import type { RequestsPipeline } from '../../../shared/pipelines/pipeline.ts';
import type { DispatchPorts } from './ports.ts';

// A conflict means that another dispatch decided; after so many the next delivery continues (law 10).
const MOST_ROUNDS = 5;

/**
 * Many calls may dispatch one pipeline at once, and each may be cut off anywhere.
 *
 *     newest decision n ──▶ settle its slots ──▶ list the queue ──▶ decide ──▶ create n + 1 ──▶ carry it out
 *            ▲                                                                  │                   │
 *            └──────────────── another dispatch created it ─────────────────────┘                   │
 *            └──────────────── a run was cancelled before it could start ───────────────────────────┘
 *
 * The order counts: a run that ended before n was read has its outcome when the listing is read; one that a later
 * decision started makes n + 1 a conflict. `hint` is the run of the message; the dispatch is of the whole pipeline.
 */
export async function dispatch(
  pipeline: RequestsPipeline,
  hint: string,
  ports: DispatchPorts,
): Promise<void> {
  const { name } = pipeline;
  const own = { ...ports, log: ports.log.child({ pipeline: name }) };
  for (let round = 1; round <= MOST_ROUNDS; round++) {
    const answer = await dispatchOnce(pipeline, hint, own);
    if (answer === 'done') return;
    if (answer === 'conflict' && round === MOST_ROUNDS)
      throw new TransientError(
        `${MOST_ROUNDS} other dispatches of ${name} decided first; the next delivery tries again`,
        { code: 'CONFLICT' },
      );
  }
}

async function dispatchOnce(
  pipeline: RequestsPipeline,
  hint: string,
  ports: DispatchPorts,
): Promise<'done' | 'again' | 'conflict'> {
  const { name } = pipeline;
  const newest: DispatchState = (await newestDecision(ports.requests, name)) ?? {
    ...noState(ports.now()),
    n: 0,
    token: '',
  };
  const { changes, unstarted } = await settleSlots(pipeline, newest, ports);
  const listed = await listQueue(ports.requests, name, newest.cursor);
  const attended = await attendQueue(pipeline, listed, hint, ports);
  const { queue } = attended;
  const { next, started, isChanged } = await decideNext(pipeline, newest, changes, attended, ports);
  if (!isChanged) {
    reportWaiting(pipeline, newest, queue, ports);
    return (await carryOut(pipeline, newest, unstarted, ports)) ? 'again' : 'done';
  }

  const made = { ...next, n: newest.n + 1, token: ports.newId() };
  if (!(await createDecision(ports.requests, name, made))) return 'conflict';
  reportDecision(pipeline, made, started.length, queue, ports);
  const raised = made.slots.filter(({ run }) => changes.some((each) => each.run === run));
  const ended = await carryOut(pipeline, made, [...unstarted, ...raised, ...started], ports);
  await forgetDecisions(ports.requests, name, made.n);
  return ended ? 'again' : 'done';
}

/** Metrics and an alert are made of these lines. */
function reportDecision(
  { trigger }: RequestsPipeline,
  { n, slots }: DispatchState,
  starts: number,
  { candidates }: Queue,
  { log, now }: DispatchPorts,
): void {
  log.info(
    { event: 'dispatched', n, starts, slots: slots.length, ...waitingOf(candidates, slots, trigger, now()) },
    `Decision ${n}: ${counted(starts, 'run')} ${starts === 1 ? 'starts' : 'start'}, ${slots.length} of ${trigger.concurrency} slots are occupied.`,
  );
}

const REPORT_EVERY_MS = 60_000;

/** Where nothing can start, no decision is made, and the oldest request still gets older. At most once a minute. */
function reportWaiting(
  { trigger }: RequestsPipeline,
  { n, slots }: DispatchState,
  { candidates }: Queue,
  { log, now, recall }: DispatchPorts,
): void {
  const nowMs = now();
  const found = waitingOf(candidates, slots, trigger, nowMs);
  if (found.waiting === 0 || nowMs - recall.reportedAtMs < REPORT_EVERY_MS) return;
  recall.reportedAtMs = nowMs;
  log.info(
    { event: 'dispatched', n, starts: 0, slots: slots.length, ...found },
    `Nothing starts: ${counted(found.waiting, 'request')} ${found.waiting === 1 ? 'waits' : 'wait'}, ${slots.length} of ${trigger.concurrency} slots are occupied.`,
  );
}
