// The names that infra gives to what functions, jobs and commands share.

export const runsBucketOf = (project: string) => `${project}-sluice-runs`;
export const resultsBucketOf = (project: string) => `${project}-sluice-results`;
export const trainingCacheBucketOf = (project: string) => `${project}-sluice-training-cache`;
export const exportsBucketOf = (project: string) => `${project}-sluice-exports`;
export const auditBucketOf = (project: string) => `${project}-sluice-audit`;
/** The archives of the functions. */
export const sourceBucketOf = (project: string) => `${project}-sluice-source`;

/** Every bucket that infra makes. */
export const bucketsOf = (project: string): readonly string[] =>
  [runsBucketOf, resultsBucketOf, trainingCacheBucketOf, exportsBucketOf, auditBucketOf, sourceBucketOf].map(
    (nameOf) => nameOf(project),
  );

export const RUN_REQUESTED = 'run-requested';
export const LOAD_REQUESTED = 'load-requested';
/** How long an object of any bucket is kept. */
export const DAYS_KEPT = 400;
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

/** A topic's full name. */
export const topicNameOf = (project: string, topic: string) => `projects/${project}/topics/${topic}`;

/** `run-requested-to-start-run`; the subscriptions follow from the functions' declarations (`shared/functions`). */
export type SubscriptionName = string;

/** The topic that a subscription's dead letters go to, and the subscription of that name that keeps them. */
export const deadLettersOf = (subscription: SubscriptionName) => `${subscription}-dead-letter`;
