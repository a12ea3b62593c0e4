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
/** But a frozen source only this long: what was made of it is kept, and its manifest says what it was. */
export const INPUT_DAYS_KEPT = 90;
/** And published files and models so long after they were superseded. */
export const EXPORT_DAYS_KEPT = 90;
/** What Cloud Storage tells of every finished object of the results bucket. */
export const OUTPUT_FINALIZED = 'output-finalized';

/** What Cloud Storage tells of every finished object of the buckets that pipelines watch. */
export const SOURCE_FINALIZED = 'source-finalized';

/** What Cloud Logging tells of every finished execution of a Cloud Run job. */
export const EXECUTION_FINISHED = 'execution-finished';

/** A topic's full name. */
export const topicNameOf = (project: string, topic: string) => `projects/${project}/topics/${topic}`;

/** `run-requested-to-start-run`; the declarations of the functions say which there are (`shared/functions`). */
export type SubscriptionName = string;

/** The topic that a subscription's dead letters go to, and the subscription of that name that keeps them. */
export const deadLettersOf = (subscription: SubscriptionName) => `${subscription}-dead-letter`;
