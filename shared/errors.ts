// The small family of errors that the mesh throws; anything else that is thrown counts as transient.

/**
 * Another delivery cannot help: the input, the configuration of a run, or a rule of the mesh stands in the
 * way. Whoever catches it records the reason as the run's outcome and acknowledges.
 */
export class PermanentError extends Error {
  override readonly name = 'PermanentError';
}

/** Another delivery may help: a service was away, an answer was lost, somebody else is still at work. */
export class TransientError extends Error {
  override readonly name = 'TransientError';
}

/** The deployment is wrong: a variable is missing or malformed. Lists every problem at once. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/** A bound of law 10 was hit. It is permanent: the same input would hit it again. */
export class BoundError extends PermanentError {}

/** Cloud Storage's client throws plain objects as well: what they say stands where an Error has it. */
export function messageOf(error: unknown): string {
  if (error instanceof Error) return error.message;
  const { message } = (error ?? {}) as { message?: unknown };
  return typeof message === 'string' ? message : String(error);
}
