// The buckets, and who may do what in them.
import * as gcp from '@pulumi/gcp';
import { modelsBucketOf, resultsBucketOf, runsBucketOf } from '../shared/deployment.ts';
import type { Identities, Identity } from './identities.ts';
import type { Settings } from './settings.ts';

export interface Buckets {
  /** Requests, frozen sources, leases, outcomes: the coordination store. */
  readonly runs: gcp.storage.Bucket;
  readonly results: gcp.storage.Bucket;
  readonly models: gcp.storage.Bucket;
}

const DAYS_KEPT = 400;

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
  const { detectChanges, startRun, loadOutput, sweepRuns } = identities;
  for (const [name, who] of Object.entries({ detectChanges, startRun, loadOutput, sweepRuns })) {
    grantOnBucket(`${name}-runs`, runs, 'roles/storage.objectUser', who);
  }
  grantOnBucket('load-output-results', results, 'roles/storage.objectViewer', loadOutput);
  grantOnBucket('sweep-runs-results', results, 'roles/storage.objectViewer', sweepRuns);
  return { runs, results, models };
}

export const grantOnBucket = (name: string, bucket: gcp.storage.Bucket, role: string, who: Identity) =>
  new gcp.storage.BucketIAMMember(name, { bucket: bucket.name, role, member: who.member });
