// Why a staged output may not be published.
import type { ErrorCode } from '../error-codes.ts';

export interface Unfit {
  readonly kind: 'unfit';
  readonly code: ErrorCode;
  /** What was found, where, and what was expected. */
  readonly reason: string;
}

export const unfit = (reason: string, code: ErrorCode = 'OUTPUT_CHECK_FAILED'): Unfit => ({
  kind: 'unfit',
  code,
  reason,
});
