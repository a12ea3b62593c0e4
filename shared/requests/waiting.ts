// What waits in a queue, and for how long: for the log line that the metrics and the alert on waiting are made of. Pure.
import type { Requests } from '../pipelines/requests.ts';
import type { Candidate } from './candidates.ts';
import type { Slot } from './dispatch.ts';

export interface WaitingNow {
  /** Requests without a slot, those without an approval among them. */
  readonly waiting: number;
  /** The age of the oldest; 0 where none waits. */
  readonly oldestSeconds: number;
  /** The oldest waits longer than an operator should leave it. */
  readonly late: boolean;
}

const HOUR_MS = 60 * 60 * 1000;

/** A request that waits for a person may wait for half of its time; one that waits for a slot, for an hour at most. */
export const lateAfterMs = ({
  approval,
  expiresAfter,
}: Pick<Requests, 'approval' | 'expiresAfter'>): number =>
  approval === 'none' ? Math.min(HOUR_MS, expiresAfter / 2) : expiresAfter / 2;

export function waitingOf(
  candidates: readonly Candidate[],
  slots: readonly Slot[],
  trigger: Pick<Requests, 'approval' | 'expiresAfter'>,
  nowMs: number,
): WaitingNow {
  const inSlots = new Set(slots.map(({ run }) => run));
  const ages = candidates
    .filter(({ run }) => !inSlots.has(run))
    .map(({ acceptedAtMs }) => nowMs - acceptedAtMs);
  const oldestMs = ages.reduce((oldest, age) => Math.max(oldest, age), 0);
  return {
    waiting: ages.length,
    oldestSeconds: Math.round(oldestMs / 1000),
    late: oldestMs > lateAfterMs(trigger),
  };
}
