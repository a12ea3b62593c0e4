// What follows a failed delivery: another try later, or a dead letter.
import { durationMs } from './durations.ts';
import type { Subscription } from './settings.ts';

export type AfterFailure =
  | { readonly kind: 'retry'; readonly dueMs: number }
  | { readonly kind: 'dead-letter'; readonly topic: string };

const JITTER = 0.25;
// A policy of 0 s would otherwise push a refused message without a pause.
const SHORTEST_WAIT_MS = 100;

/**
 * Decides after the `attempts`-th delivery (counted from 1) was refused or not answered in time. `chance` is in
 * [0, 1).
 */
export function afterFailure(o: {
  subscription: Subscription;
  attempts: number;
  nowMs: number;
  chance: number;
}): AfterFailure {
  const { deadLetterPolicy, retryPolicy } = o.subscription;
  if (deadLetterPolicy !== undefined && o.attempts >= (deadLetterPolicy.maxDeliveryAttempts ?? 5)) {
    return { kind: 'dead-letter', topic: deadLetterPolicy.deadLetterTopic };
  }
  // Without a retry policy the message is due at once; the pace is then set by the push back-off.
  if (retryPolicy === undefined) return { kind: 'retry', dueMs: o.nowMs };
  const minMs = durationMs('minimum_backoff', retryPolicy.minimumBackoff);
  const maxMs = durationMs('maximum_backoff', retryPolicy.maximumBackoff);
  const waitMs = Math.max(SHORTEST_WAIT_MS, growingDelayMs(minMs, maxMs, o.attempts, o.chance));
  return { kind: 'retry', dueMs: o.nowMs + waitMs };
}

/** The wait after the `failures`-th failure in a row: doubling from `minMs`, up to a quarter late, at most `maxMs`. */
export function growingDelayMs(minMs: number, maxMs: number, failures: number, chance: number): number {
  const doubledMs = minMs * 2 ** Math.min(failures - 1, 40);
  return Math.round(Math.min(maxMs, doubledMs * (1 + JITTER * chance)));
}
