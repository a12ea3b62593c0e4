// The names that infra gives to what functions, jobs and commands share.

export const runsBucketOf = (project: string) => `${project}-sluice-runs`;
export const resultsBucketOf = (project: string) => `${project}-sluice-results`;
export const trainingCacheBucketOf = (project: string) => `${project}-sluice-training-cache`;
export const exportsBucketOf = (project: string) => `${project}-sluice-exports`;
/** Waiting requests, their content and the decisions of their dispatch. Only a deployment with such a pipeline has it. */
export const requestsBucketOf = (project: string) => `${project}-sluice-requests`;
export const auditBucketOf = (project: string) => `${project}-sluice-audit`;
/** The archives of the functions. */
export const sourceBucketOf = (project: string) => `${project}-sluice-source`;

/** Every bucket that infra can make. */
export const bucketsOf = (project: string): readonly string[] =>
  [
    runsBucketOf,
    resultsBucketOf,
    trainingCacheBucketOf,
    exportsBucketOf,
    requestsBucketOf,
    auditBucketOf,
    sourceBucketOf,
  ].map((nameOf) => nameOf(project));

export const RUN_REQUESTED = 'run-requested';
/** Every end of a requested run is announced here, for other systems; no function receives it. */
export const RUN_ENDED = 'run-ended';
export const LOAD_REQUESTED = 'load-requested';
/** How long an object of any bucket is kept. */
export const DAYS_KEPT = 400;
/**
 * The outcome of a requested run and the index of its owner's jobs are kept longer than all else of the run: so an
 * idempotency key that is remembered never meets half a folder.
 */
export const REQUEST_DAYS_KEPT = 430;
/** A frozen source is kept only this long; its manifest and its outputs are kept longer. */
export const INPUT_DAYS_KEPT = 90;
/** How long published files and models are kept after they were superseded. */
export const EXPORT_DAYS_KEPT = 90;
/** Cloud Storage announces every finished object of the results bucket here. */
export const OUTPUT_FINALIZED = 'output-finalized';

/** Cloud Storage announces every finished object of the watched buckets here. */
export const SOURCE_FINALIZED = 'source-finalized';

/** Cloud Logging announces every finished execution of a Cloud Run job here. */
export const EXECUTION_FINISHED = 'execution-finished';

/** The view of the log bucket `_Default` that holds the lines of Cloud Run jobs, and no others. */
export const JOB_LOG_VIEW = 'sluice-jobs';

/** A topic's full name. */
export const topicNameOf = (project: string, topic: string) => `projects/${project}/topics/${topic}`;

/** `run-requested-to-start-run`; the subscriptions follow from the functions' declarations (`shared/functions`). */
export type SubscriptionName = string;

/** The topic that a subscription's dead letters go to, and the subscription of that name that keeps them. */
export const deadLettersOf = (subscription: SubscriptionName) => `${subscription}-dead-letter`;
