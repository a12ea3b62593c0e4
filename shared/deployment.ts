// The variables that every deployed function is given, and the names that infra gives to what they share.
import { bucket, cloudVariables, location, region, topic } from './config.ts';

export const meshVariables = {
  ...cloudVariables,
  RUNS_BUCKET: bucket(),
  RESULTS_BUCKET: bucket(),
  EXPORTS_BUCKET: bucket(),
  RUN_REQUESTED_TOPIC: topic(),
  WAREHOUSE_LOCATION: location(),
};

/** What a function that works with executions is given besides. */
export const jobVariables = {
  /** Where the jobs run, which may be another region than the function's own. */
  JOB_REGION: region(),
};

export const runsBucketOf = (project: string) => `${project}-sluice-runs`;
export const resultsBucketOf = (project: string) => `${project}-sluice-results`;
export const modelsBucketOf = (project: string) => `${project}-sluice-models`;
export const exportsBucketOf = (project: string) => `${project}-sluice-exports`;
export const auditBucketOf = (project: string) => `${project}-sluice-audit`;

export const RUN_REQUESTED = 'run-requested';
export const LOAD_REQUESTED = 'load-requested';
/** How long an object of any bucket is kept. */
export const DAYS_KEPT = 400;
/** But a frozen source only this long: what was made of it is kept, and its manifest says what it was. */
export const INPUT_DAYS_KEPT = 90;
/** And published files and models so long after they were superseded. */
export const EXPORT_DAYS_KEPT = 90;
/** What Cloud Storage tells of every finished object of the results bucket. */
export const OUTPUT_FINALIZED = 'output-finalized';

/** What Cloud Logging tells of every finished execution of a Cloud Run job. */
export const EXECUTION_FINISHED = 'execution-finished';

/** A topic's full name. */
export const topicNameOf = (project: string, topic: string) => `projects/${project}/topics/${topic}`;

/** Every subscription that pushes, and the topic that it pushes. */
export const SUBSCRIPTIONS = {
  'run-requested-to-start-run': RUN_REQUESTED,
  'load-requested-to-load-output': LOAD_REQUESTED,
  'output-finalized-to-load-output': OUTPUT_FINALIZED,
  'execution-finished-to-sweep-runs': EXECUTION_FINISHED,
} as const;
export type SubscriptionName = keyof typeof SUBSCRIPTIONS;

/** The topic that a subscription's dead letters go to, and the subscription of that name that keeps them. */
export const deadLettersOf = (subscription: SubscriptionName) => `${subscription}-dead-letter`;
