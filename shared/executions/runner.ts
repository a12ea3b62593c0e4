// The port to the pipeline's job.

export type ExecutionState = 'running' | 'succeeded' | 'failed' | 'cancelled';

export interface Execution {
  /** The full resource name. */
  readonly name: string;
  readonly state: ExecutionState;
  readonly startedAtMs: number | undefined;
  readonly completedAtMs: number | undefined;
  /** What Cloud Run says of a failure, for the run's reason. */
  readonly message: string | undefined;
}

/** Which try this is; carried in the execution's environment, where it can be found again (law 1). */
export interface AttemptKey {
  readonly pipeline: string;
  readonly run: string;
  readonly attempt: number;
}

/**
 * Whether there is an execution (law 3). `unknown`: more executions of the job are listed than are looked at, so
 * one of them may be it; nothing is submitted and nothing is given up on the strength of that.
 */
export type Found =
  | { readonly kind: 'found'; readonly execution: Execution }
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown'; readonly reason: string };

/** The variables that carry the key, and all that start-run's right to override variables is for. */
export const KEY_VARIABLES = ['PIPELINE', 'RUN_ID', 'ATTEMPT'] as const;

export interface JobRunner {
  /**
   * Submits an execution. Cloud Run takes no request id, so an error can mean that it started all the same:
   * settle it with `find`.
   */
  start(key: AttemptKey, env: Readonly<Record<string, string>>): Promise<string>;
  /** Of the executions that carry the key, one that runs or has succeeded, or else the newest. */
  find(key: AttemptKey): Promise<Found>;
  get(name: string): Promise<Execution | undefined>;
  cancel(name: string): Promise<void>;
}
