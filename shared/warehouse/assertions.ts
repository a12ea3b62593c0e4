// The assertions of Sluice's own scripts: each fails with a code, which BigQuery returns in the message of the job.

export const ALREADY_PUBLISHED = 'SLUICE_ALREADY_PUBLISHED';
export const NEWER_PUBLISHED = 'SLUICE_NEWER_PUBLISHED';
export const RUN_PUBLISHED = 'SLUICE_RUN_PUBLISHED';
export const LATEST_CHANGED = 'SLUICE_LATEST_CHANGED';
export const LOCK_NOT_ONE_ROW = 'SLUICE_LOCK_NOT_ONE_ROW';

export type Assertion =
  | typeof ALREADY_PUBLISHED
  | typeof NEWER_PUBLISHED
  | typeof RUN_PUBLISHED
  | typeof LATEST_CHANGED
  | typeof LOCK_NOT_ONE_ROW;

const ASSERTIONS: readonly Assertion[] = [
  ALREADY_PUBLISHED,
  NEWER_PUBLISHED,
  RUN_PUBLISHED,
  LATEST_CHANGED,
  LOCK_NOT_ONE_ROW,
];

/** The assertion that a script failed with, or undefined if it failed with another error. */
export const failedAssertion = (message: string): Assertion | undefined =>
  ASSERTIONS.find((code) => new RegExp(`\\b${code}\\b`).test(message));
