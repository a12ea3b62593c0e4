// The buckets, and how rights in them are granted.
import * as gcp from '@pulumi/gcp';
import type { Input } from '@pulumi/pulumi';
import {
  auditBucketOf,
  DAYS_KEPT,
  EXPORT_DAYS_KEPT,
  exportsBucketOf,
  INPUT_DAYS_KEPT,
  resultsBucketOf,
  runsBucketOf,
  trainingCacheBucketOf,
} from '../shared/deployment.ts';
import { FROZEN_SUFFIX, stateObject, leaseObject } from '../shared/runs/names.ts';
import type { Keys } from './encryption.ts';
import type { Identity } from './identities.ts';
import type { Role } from './roles.ts';
import type { Settings } from './settings.ts';

export interface Buckets {
  /** Requests, frozen sources, leases, outcomes: the coordination store. */
  readonly runs: gcp.storage.Bucket;
  readonly results: gcp.storage.Bucket;
  /** What a job learned and may learn again. */
  readonly trainingCache: gcp.storage.Bucket;
  /** What is published as files and models, for readers. */
  readonly exports: gcp.storage.Bucket;
  /** What operators ordered: added to, and never changed. */
  readonly audit: gcp.storage.Bucket;
}

// The two objects of a pipeline that ever change.
const POINTERS = [stateObject(''), leaseObject('')];
const DAY_SECONDS = 24 * 60 * 60;
// Long enough for somebody who comes back from a holiday to see that something is missing.
const UNDELETABLE_DAYS = 30;
// Versions that were replaced: only the heads and the leases have any, for all else is written once (law 2).
const REPLACED_DAYS_KEPT = 14;

type Rule = gcp.types.input.storage.BucketLifecycleRule;

export function createBuckets(settings: Settings, keys: Keys): Buckets {
  const { project } = settings;
  const runs = createBucket('runs', settings, keys, {
    name: runsBucketOf(project),
    // What a swap of a head replaced can be looked up and put back. An output that somebody overwrites is found
    // in soft delete instead: nothing of the mesh overwrites one.
    versioning: { enabled: true },
    lifecycleRules: [
      deletes({ age: INPUT_DAYS_KEPT, matchesSuffixes: [FROZEN_SUFFIX] }),
      // By the time that each object written once bears. Heads and leases bear none, and are never too old: a
      // pipeline without its head would count its runs from 1 again, and law 5 would refuse them all.
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
    // What a run learned is learned again where it is missing.
    undeletableDays: 0,
  });
  const exports = createBucket('exports', settings, keys, {
    name: exportsBucketOf(project),
    // From when they were superseded; pointers and registers bear no time, and are kept for good.
    lifecycleRules: [deletes({ daysSinceCustomTime: EXPORT_DAYS_KEPT })],
  });
  const audit = createBucket('audit', settings, keys, {
    name: auditBucketOf(project),
    // Nobody, its owner included, changes or deletes a record that is younger, as long as the policy stands. To
    // lock it, so that nobody can take it away either, cannot be undone: docs/RESTORE.md says how.
    retentionPolicy: { retentionPeriod: String(DAYS_KEPT * DAY_SECONDS) },
  });
  return { runs, results, trainingCache, exports, audit };
}

interface BucketOptions extends Omit<gcp.storage.BucketArgs, 'location'> {
  /** How long a deleted or overwritten object can be brought back: 0, or 7 to 90. */
  readonly undeletableDays?: number;
}

/** Every bucket is made here, so that none lacks a key, or is open to the public. */
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
