// The buckets, and the grants on them.
import * as gcp from '@pulumi/gcp';
import { interpolate, type Input } from '@pulumi/pulumi';
import {
  auditBucketOf,
  DAYS_KEPT,
  EXPORT_DAYS_KEPT,
  exportsBucketOf,
  INPUT_DAYS_KEPT,
  REQUEST_DAYS_KEPT,
  requestsBucketOf,
  resultsBucketOf,
  runsBucketOf,
  trainingCacheBucketOf,
} from '../shared/deployment.ts';
import { FROZEN_SUFFIX, stateObject, leaseObject } from '../shared/runs/names.ts';
import type { BucketName, RequestsFolder } from '../shared/functions/rights.ts';
import { takesRequests } from '../shared/pipelines/pipeline.ts';
import { CONTENT_FOLDER, JOBS_FOLDER } from '../shared/requests/names.ts';
import type { Keys } from './encryption.ts';
import type { Identity } from './identities.ts';
import type { Role } from './roles.ts';
import type { Settings } from './settings.ts';

export interface Buckets {
  /** Requests, frozen sources, leases, outcomes: the coordination store. */
  readonly runs: gcp.storage.Bucket;
  readonly results: gcp.storage.Bucket;
  /** A cache of training results, which a job can compute again. */
  readonly trainingCache: gcp.storage.Bucket;
  /** The published files and models, for readers. */
  readonly exports: gcp.storage.Bucket;
  /** The queue of requests, their content and decisions; undefined in a stack without a pipeline that takes requests. */
  readonly requests: gcp.storage.Bucket | undefined;
  /** The commands of operators: objects are added and never changed. */
  readonly audit: gcp.storage.Bucket;
}

// The two objects of a pipeline that change.
const POINTERS = [stateObject(''), leaseObject('')];
const DAY_SECONDS = 24 * 60 * 60;
// Long enough to notice a loss after a holiday.
const UNDELETABLE_DAYS = 30;
// Replaced versions: only states and leases have any, because every other object is written once (law 2).
const REPLACED_DAYS_KEPT = 14;

type Rule = gcp.types.input.storage.BucketLifecycleRule;

export function createBuckets(settings: Settings, keys: Keys): Buckets {
  const { project } = settings;
  const runs = createBucket('runs', settings, keys, {
    name: runsBucketOf(project),
    // A replaced state can be read and restored. An output that is overwritten by hand can be restored from soft
    // delete; no function of the mesh overwrites one.
    versioning: { enabled: true },
    lifecycleRules: [
      deletes({ age: INPUT_DAYS_KEPT, matchesSuffixes: [FROZEN_SUFFIX] }),
      // By the custom time of each object that is written once. States and leases have none and never expire: a
      // pipeline without its state would count its runs from 1 again, and law 5 would refuse them all.
      deletes({ daysSinceCustomTime: DAYS_KEPT }),
      deletes({ daysSinceNoncurrentTime: REPLACED_DAYS_KEPT, withState: 'ARCHIVED' }),
    ],
  });
  const results = createBucket('results', settings, keys, {
    name: resultsBucketOf(project),
    lifecycleRules: [deletes({ age: DAYS_KEPT })],
  });
  const trainingCache = createBucket('training-cache', settings, keys, {
    name: trainingCacheBucketOf(project),
    lifecycleRules: [deletes({ age: DAYS_KEPT })],
    // Missing results are computed again.
    undeletableDays: 0,
  });
  const exports = createBucket('exports', settings, keys, {
    name: exportsBucketOf(project),
    // From the time at which they were superseded; pointers and registers have none, and are kept for good.
    lifecycleRules: [deletes({ daysSinceCustomTime: EXPORT_DAYS_KEPT })],
  });
  const audit = createBucket('audit', settings, keys, {
    name: auditBucketOf(project),
    // While the policy is set, no account, not even the owner, can change or delete a younger record. A lock makes the
    // policy permanent and cannot be undone: docs/RESTORE.md says how.
    retentionPolicy: { retentionPeriod: String(DAYS_KEPT * DAY_SECONDS) },
  });
  const requests = takesRequests(settings.pipelines) ? createRequests(settings, keys) : undefined;
  return { runs, results, trainingCache, exports, requests, audit };
}

/** Content that was erased is gone: no version and no soft delete keeps it. An entry of the queue has no time limit. */
const createRequests = (settings: Settings, keys: Keys): gcp.storage.Bucket =>
  createBucket('requests', settings, keys, {
    name: requestsBucketOf(settings.project),
    lifecycleRules: [
      deletes({ age: DAYS_KEPT, matchesPrefixes: [CONTENT_FOLDER] }),
      deletes({ age: REQUEST_DAYS_KEPT, matchesPrefixes: [JOBS_FOLDER] }),
    ],
    undeletableDays: 0,
  });

/** The bucket of this name. A right on one that the stack does not have is not granted. */
export function bucketNamed(buckets: Buckets, name: BucketName): gcp.storage.Bucket {
  const bucket = buckets[name];
  if (bucket === undefined) throw new RangeError(`the stack has no bucket for ${name}`);
  return bucket;
}

interface BucketOptions extends Omit<gcp.storage.BucketArgs, 'location'> {
  /** How many days a deleted or overwritten object can be restored: 0, or 7 to 90. */
  readonly undeletableDays?: number;
}

/** Every bucket is created here, so that each has a key and none is public. */
export function createBucket(
  key: string,
  { location }: Settings,
  { storage }: Keys,
  { undeletableDays = UNDELETABLE_DAYS, ...options }: BucketOptions,
): gcp.storage.Bucket {
  return new gcp.storage.Bucket(key, {
    location,
    uniformBucketLevelAccess: true,
    publicAccessPrevention: 'enforced',
    encryption: { defaultKmsKeyName: storage },
    softDeletePolicy: { retentionDurationSeconds: undeletableDays * DAY_SECONDS },
    forceDestroy: false,
    deletionPolicy: 'PREVENT',
    ...options,
  });
}

const deletes = (condition: Rule['condition']): Rule => ({ action: { type: 'Delete' }, condition });

export const grantOnBucket = (
  name: string,
  bucket: gcp.storage.Bucket,
  role: Input<string>,
  who: Identity,
  condition?: { readonly title: string; readonly expression: Input<string> },
) =>
  new gcp.storage.BucketIAMMember(name, {
    bucket: bucket.name,
    role,
    member: who.member,
    ...(condition === undefined ? {} : { condition }),
  });

/** Everything else in the runs bucket is written once, and no function may change or delete it (law 2). */
export const grantMovingPointers = (name: string, runs: gcp.storage.Bucket, role: Role, who: Identity) =>
  grantOnBucket(name, runs, role.name, who, {
    title: 'pipeline states and leases',
    expression: POINTERS.map((object) => `resource.name.endsWith("${object}")`).join(' || '),
  });

/** Everything else in the requests bucket is written once. */
export const grantChangingFolder = (
  name: string,
  requests: gcp.storage.Bucket,
  folder: RequestsFolder,
  role: Role,
  who: Identity,
) =>
  grantOnBucket(name, requests, role.name, who, {
    title: `${folder} of requests`,
    expression: interpolate`resource.name.startsWith("projects/_/buckets/${requests.name}/objects/${folder}/")`,
  });
