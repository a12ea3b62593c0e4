// How a requested run ends at its gates: the same answer for the function that records it and for those that show it.
import type { ErrorCode } from '../error-codes.ts';
import type { Decision } from '../runs/decision.ts';
import type { Outcome } from '../runs/outcome.ts';
import type { ApprovalGate, StartGate } from './gates.ts';

export interface RequestEnd {
  readonly outcome: Outcome;
  readonly code: ErrorCode;
  readonly reason: string;
}

export interface Gates {
  readonly approval: ApprovalGate | undefined;
  readonly start: StartGate | undefined;
  readonly decision?: Decision | undefined;
}

/** Undefined while no gate ends the run. */
export function endAtGates({ approval, start, decision }: Gates): RequestEnd | undefined {
  if (start?.kind === 'cancel') return cancelledBy(start);
  if (start?.kind === 'expire')
    return {
      outcome: 'expired',
      code: 'REQUEST_EXPIRED',
      reason: 'The request had not started when its time was over.',
    };
  if (start === undefined && approval?.kind === 'reject')
    return {
      outcome: 'rejected',
      code: 'REQUEST_REJECTED',
      reason: `Rejected by ${approval.by}: ${approval.reason}.`,
    };
  return decision?.kind === 'cancel' ? cancelledBy(decision) : undefined;
}

const cancelledBy = ({ by, reason }: { readonly by: string; readonly reason: string }): RequestEnd => ({
  outcome: 'cancelled',
  code: 'REQUEST_CANCELLED',
  reason: `Cancelled by ${by}: ${reason}.`,
});
