// The buckets, and who may do what in them.
import * as gcp from '@pulumi/gcp';
import type { Input } from '@pulumi/pulumi';
import {
  auditBucketOf,
  DAYS_KEPT,
  modelsBucketOf,
  resultsBucketOf,
  runsBucketOf,
} from '../shared/deployment.ts';
import { headObject, leaseObject } from '../shared/runs/names.ts';
import type { Identities, Identity } from './identities.ts';
import type { Role, Roles } from './roles.ts';
import type { Settings } from './settings.ts';

export interface Buckets {
  /** Requests, frozen sources, leases, outcomes: the coordination store. */
  readonly runs: gcp.storage.Bucket;
  readonly results: gcp.storage.Bucket;
  readonly models: gcp.storage.Bucket;
  /** What operators ordered: added to, and never changed. */
  readonly audit: gcp.storage.Bucket;
}

// The two objects of a pipeline that ever change.
const POINTERS = [headObject(''), leaseObject('')];
const DAY_SECONDS = 24 * 60 * 60;

export function createBuckets(settings: Settings, identities: Identities, roles: Roles): Buckets {
  const bucket = (key: string, name: string) =>
    new gcp.storage.Bucket(key, {
      name,
      location: settings.location,
      uniformBucketLevelAccess: true,
      publicAccessPrevention: 'enforced',
      lifecycleRules: [{ action: { type: 'Delete' }, condition: { age: DAYS_KEPT } }],
    });
  const runs = bucket('runs', runsBucketOf(settings.project));
  const results = bucket('results', resultsBucketOf(settings.project));
  const models = bucket('models', modelsBucketOf(settings.project));
  const audit = new gcp.storage.Bucket('audit', {
    name: auditBucketOf(settings.project),
    location: settings.location,
    uniformBucketLevelAccess: true,
    publicAccessPrevention: 'enforced',
    // Nobody, its owner included, changes or deletes a record that is younger.
    retentionPolicy: { retentionPeriod: String(DAYS_KEPT * DAY_SECONDS) },
  });
  const { detectChanges, startRun, loadOutput, sweepRuns, takeOrders } = identities;
  for (const [name, who] of Object.entries({ detectChanges, startRun, loadOutput, sweepRuns, takeOrders })) {
    grantOnBucket(`${name}-adds-runs`, runs, roles.objectAdder.name, who);
    grantMovingPointers(`${name}-moves-pointers`, runs, roles.pointerMover, who);
  }
  for (const [name, who] of Object.entries({ loadOutput, sweepRuns, takeOrders })) {
    grantOnBucket(`${name}-reads-results`, results, 'roles/storage.objectViewer', who);
  }
  grantOnBucket('takeOrders-adds-audit', audit, roles.objectAdder.name, takeOrders);
  return { runs, results, models, audit };
}

export const grantOnBucket = (
  name: string,
  bucket: gcp.storage.Bucket,
  role: Input<string>,
  who: Identity,
  condition?: { readonly title: string; readonly expression: string },
) =>
  new gcp.storage.BucketIAMMember(name, {
    bucket: bucket.name,
    role,
    member: who.member,
    ...(condition === undefined ? {} : { condition }),
  });

/** Everything else in the runs bucket is written once, and no function may change or delete it (law 2). */
const grantMovingPointers = (name: string, runs: gcp.storage.Bucket, role: Role, who: Identity) =>
  grantOnBucket(name, runs, role.name, who, {
    title: 'heads and leases',
    expression: POINTERS.map((object) => `resource.name.endsWith("${object}")`).join(' || '),
  });
