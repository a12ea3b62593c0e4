// What a page answers instead of what was asked: why, and what there is or what to do.

import type { ErrorCode } from '../../shared/error-codes.ts';
import { PermanentError } from '../../shared/errors.ts';

export type ProblemKind =
  | 'not-found'
  | 'signed-out'
  | 'forbidden'
  | 'foreign-form'
  | 'stale-form'
  | 'invalid'
  | 'failed';

export const STATUS: Readonly<Record<ProblemKind, number>> = {
  'not-found': 404,
  'signed-out': 401,
  forbidden: 403,
  'foreign-form': 403,
  'stale-form': 409,
  invalid: 400,
  failed: 503,
};

export interface Choice {
  readonly name: string;
  readonly path: string;
}

/** It may quote what the address or a form says. */
const LONGEST_DETAIL = 1_000;
const MOST_CHOICES = 100;

export class PageProblem extends Error {
  readonly kind: ProblemKind;
  /** What exists, or where to go on. */
  readonly choices: readonly Choice[];
  /** Of what failed, as the runbook lists it. */
  readonly code: ErrorCode | undefined;

  constructor(kind: ProblemKind, detail: string, choices: readonly Choice[] = [], code?: ErrorCode) {
    super(detail.length > LONGEST_DETAIL ? `${detail.slice(0, LONGEST_DETAIL)}…` : detail);
    this.kind = kind;
    this.code = code;
    this.choices = choices.slice(0, MOST_CHOICES);
  }
}

/** It refuses the person who asks, so no part of a page is missing. */
export const isAboutPerson = (error: unknown): error is PermanentError =>
  error instanceof PermanentError && ['CALLER_NOT_ALLOWED', 'CALLER_UNKNOWN'].includes(error.code);
