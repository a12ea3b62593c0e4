// The small family of errors that the mesh throws, each with a code; any other error counts as transient.
import type { ErrorCode } from './error-codes.ts';

interface Details extends ErrorOptions {
  readonly code?: ErrorCode;
}

/**
 * Another delivery cannot help: the input, the configuration of a run, or a rule of the mesh prevents it. The
 * function that catches it records the reason as the run's outcome and acknowledges.
 */
export class PermanentError extends Error {
  override readonly name = 'PermanentError';
  readonly code: ErrorCode;

  constructor(message: string, { code = 'PERMANENT_FAILURE', ...options }: Details = {}) {
    super(message, options);
    this.code = code;
  }
}

/** Another delivery may help: a service was unavailable, an answer was lost, other work is in progress. */
export class TransientError extends Error {
  override readonly name = 'TransientError';
  readonly code: ErrorCode;

  constructor(message: string, { code = 'TRANSIENT_FAILURE', ...options }: Details = {}) {
    super(message, options);
    this.code = code;
  }
}

/** The deployment is wrong: a variable is missing or malformed. Lists every problem at once. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly code: ErrorCode = 'CONFIGURATION_INVALID';
}

/** A bound of law 10 was reached. It is permanent: the same input would reach it again. */
export class BoundError extends PermanentError {
  constructor(message: string, options: ErrorOptions = {}) {
    super(message, { ...options, code: 'LIMIT_EXCEEDED' });
  }
}

/** Cloud Storage's client throws plain objects as well, whose message is where an Error has it. */
export function messageOf(error: unknown): string {
  if (error instanceof Error) return error.message;
  const { message } = (error ?? {}) as { message?: unknown };
  return typeof message === 'string' ? message : String(error);
}

/** The code of an error for logs and answers. */
export function codeOf(error: unknown): ErrorCode {
  const isOwn =
    error instanceof PermanentError || error instanceof TransientError || error instanceof ConfigurationError;
  return isOwn ? error.code : 'UNEXPECTED_ERROR';
}
