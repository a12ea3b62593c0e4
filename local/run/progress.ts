// What becomes of an execution when one of its attempts has ended: a pure decision.
import type { Ending, ExecutionRecord } from './records.ts';

export type Next = { readonly kind: 'retry' } | { readonly kind: 'end'; readonly record: ExecutionRecord };

/** The record of an execution whose next attempt begins now. */
export function withNextAttempt(record: ExecutionRecord, nowMs: number): ExecutionRecord {
  return {
    ...record,
    attempts: record.attempts + 1,
    startedAtMs: record.startedAtMs ?? nowMs,
    lastChangeMs: nowMs,
  };
}

export function afterAttempt(record: ExecutionRecord, ending: Ending, nowMs: number): Next {
  const ended = { ...record, lastEnding: ending, completedAtMs: nowMs, lastChangeMs: nowMs };
  if (ending.kind === 'exited' && ending.exitCode === 0 && !record.cancelRequested) {
    return { kind: 'end', record: { ...ended, state: 'succeeded' } };
  }
  if (record.cancelRequested) return { kind: 'end', record: { ...ended, state: 'cancelled' } };
  if (record.attempts <= record.spec.maxRetries) return { kind: 'retry' };
  return { kind: 'end', record: { ...ended, state: 'failed' } };
}
