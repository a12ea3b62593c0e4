// The buckets, and who may do what in them.
import * as gcp from '@pulumi/gcp';
import {
  auditBucketOf,
  DAYS_KEPT,
  modelsBucketOf,
  resultsBucketOf,
  runsBucketOf,
} from '../shared/deployment.ts';
import type { Identities, Identity } from './identities.ts';
import type { Settings } from './settings.ts';

export interface Buckets {
  /** Requests, frozen sources, leases, outcomes: the coordination store. */
  readonly runs: gcp.storage.Bucket;
  readonly results: gcp.storage.Bucket;
  readonly models: gcp.storage.Bucket;
  /** What operators ordered: added to, and never changed. */
  readonly audit: gcp.storage.Bucket;
}

const DAY_SECONDS = 24 * 60 * 60;

export function createBuckets(settings: Settings, identities: Identities): Buckets {
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
    grantOnBucket(`${name}-runs`, runs, 'roles/storage.objectUser', who);
  }
  grantOnBucket('load-output-results', results, 'roles/storage.objectViewer', loadOutput);
  grantOnBucket('sweep-runs-results', results, 'roles/storage.objectViewer', sweepRuns);
  grantOnBucket('take-orders-results', results, 'roles/storage.objectViewer', takeOrders);
  grantOnBucket('take-orders-adds-audit', audit, 'roles/storage.objectCreator', takeOrders);
  grantOnBucket('take-orders-reads-audit', audit, 'roles/storage.objectViewer', takeOrders);
  return { runs, results, models, audit };
}

export const grantOnBucket = (name: string, bucket: gcp.storage.Bucket, role: string, who: Identity) =>
  new gcp.storage.BucketIAMMember(name, { bucket: bucket.name, role, member: who.member });
