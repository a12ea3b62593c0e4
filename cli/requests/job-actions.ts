// What `sluice job` does with a job, and the options that each action cannot do without.
export const JOB_ACTIONS = ['show', 'cancel', 'approve', 'reject', 'result', 'erase'] as const;
export type JobAction = (typeof JOB_ACTIONS)[number];

export interface JobOptions {
  readonly reason?: string;
  /** The hash of the estimate that was shown. */
  readonly estimate?: string;
  readonly out?: string;
  readonly file?: string;
}

export const NEEDED: Readonly<Record<JobAction, readonly (keyof JobOptions)[]>> = {
  show: [],
  cancel: ['reason'],
  approve: ['reason', 'estimate'],
  reject: ['reason', 'estimate'],
  result: ['out'],
  erase: [],
};
