// What a page answers instead of what was asked: why, and what there is or what to do.

export type ProblemKind =
  'not-found' | 'signed-out' | 'forbidden' | 'foreign-form' | 'stale-form' | 'invalid' | 'failed';

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

export class PageProblem extends Error {
  readonly kind: ProblemKind;
  /** What exists, or where to go on. */
  readonly choices: readonly Choice[];

  constructor(kind: ProblemKind, detail: string, choices: readonly Choice[] = []) {
    super(detail);
    this.kind = kind;
    this.choices = choices;
  }
}
