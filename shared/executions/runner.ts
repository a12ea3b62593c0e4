// The port to the pipeline's job.

export type ExecutionState = 'running' | 'succeeded' | 'failed' | 'cancelled';

export interface Execution {
  /** The full resource name. */
  readonly name: string;
  readonly state: ExecutionState;
  readonly startedAtMs: number | undefined;
  readonly completedAtMs: number | undefined;
  /** Cloud Run's message about a failure, for the run's reason. */
  readonly message: string | undefined;
}

/** Names an attempt; it is set in the execution's environment, so that the execution can be found again (law 1). */
export interface AttemptKey {
  readonly pipeline: string;
  readonly run: string;
  readonly attempt: number;
}

/**
 * Whether there is an execution (law 3). `unknown`: the job has more executions than are read, so one of the others may
 * be it; then nothing is submitted and nothing is given up.
 */
export type Found =
  | { readonly kind: 'found'; readonly execution: Execution }
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown'; readonly reason: string };

/** An execution with the key that it carries; one that was started by hand may carry none. */
export interface KeyedExecution extends Execution {
  readonly key: AttemptKey | undefined;
}

/** The newest executions of a job. */
export interface Recent {
  readonly executions: readonly KeyedExecution[];
  /** All that were created since then are among them. Later than was asked for where there are too many. */
  readonly sinceMs: number;
}

/** The variables that carry the key; start-run may override variables for these alone. */
export const KEY_VARIABLES = ['PIPELINE', 'RUN_ID', 'ATTEMPT'] as const;

export interface JobRunner {
  /**
   * Submits an execution. Cloud Run takes no request id, so after an error it may have started: `find` settles that.
   */
  start(key: AttemptKey, env: Readonly<Record<string, string>>): Promise<string>;
  /** Of the executions that carry the key, one that runs or has succeeded, or else the newest. */
  find(key: AttemptKey): Promise<Found>;
  get(name: string): Promise<Execution | undefined>;
  /** The job's executions that were created at `sinceMs` or later, whatever their key and their state. */
  recent(sinceMs: number): Promise<Recent>;
  cancel(name: string): Promise<void>;
}
