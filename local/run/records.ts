// What is known of jobs and executions, as plain data.

export interface JobSpec {
  /** `projects/P/locations/L/jobs/J`. */
  readonly name: string;
  readonly image: string;
  readonly env: Readonly<Record<string, string>>;
  readonly serviceAccountEmail: string;
  /** Retries of the task after its first attempt, 0 to 10. */
  readonly maxRetries: number;
  /** For one attempt. */
  readonly timeoutSeconds: number;
  readonly cpu?: string;
  readonly memory?: string;
}

export interface JobRecord {
  readonly spec: JobSpec;
  readonly uid: string;
  readonly generation: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

export interface Overrides {
  /** Given after the image's own command. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutSeconds?: number;
}

export type ExecutionState = 'running' | 'succeeded' | 'failed' | 'cancelled';

export interface ExecutionRecord {
  /** `projects/P/locations/L/jobs/J/executions/J-xxxxx`. */
  readonly name: string;
  /** The job's full name. */
  readonly job: string;
  readonly uid: string;
  /** Rises with each execution; listings go by it. */
  readonly sequence: number;
  /** The job as it was when the execution began, overrides applied. */
  readonly spec: JobSpec & { readonly args: readonly string[] };
  /** Absolute path. */
  readonly logFile: string;
  readonly state: ExecutionState;
  /** Attempts begun, the first counted as 1. */
  readonly attempts: number;
  readonly cancelRequested: boolean;
  readonly createdAtMs: number;
  readonly startedAtMs?: number;
  readonly completedAtMs?: number;
  readonly lastChangeMs: number;
  readonly lastEnding?: Ending;
}

/** How one attempt ended. */
export interface Ending {
  readonly kind: 'exited' | 'signalled' | 'timed-out' | 'lost' | 'not-started';
  readonly exitCode?: number;
  /** The number of the signal. */
  readonly signal?: number;
  readonly message: string;
}

export const shortName = (name: string): string => name.slice(name.lastIndexOf('/') + 1);

/** `projects/P/locations/L` of any resource in it. */
export const parentOf = (name: string): string => name.split('/').slice(0, 4).join('/');
