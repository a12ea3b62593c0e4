// The buckets that pipelines watch: others make and fill them, and the functions of sources may read them.
import * as gcp from '@pulumi/gcp';
import type { Identity } from './identities.ts';
import type { Settings } from './settings.ts';
import { grantOnBucket, type Buckets } from './storage.ts';

/** Undefined where no pipeline watches a bucket. */
export type BucketWatcher = gcp.projects.IAMCustomRole | undefined;

/** The names of the watched buckets, each once, however many pipelines watch it. */
const bucketsIn = ({ watched }: Settings): readonly string[] => [
  ...new Set(watched.map(({ bucket }) => bucket)),
];

export const createBucketWatcher = ({ watched }: Settings): BucketWatcher =>
  watched.length === 0
    ? undefined
    : new gcp.projects.IAMCustomRole('sluiceBucketWatcher', {
        roleId: 'sluiceBucketWatcher',
        title: 'Lists objects and reads of which project a bucket is',
        permissions: ['storage.buckets.get', 'storage.objects.list'],
      });

/** For listing their objects, and comparing their project's number with that of the runs bucket. */
export function letWatch(
  name: string,
  who: Identity,
  watcher: BucketWatcher,
  settings: Settings,
  buckets: Buckets,
): void {
  if (watcher === undefined) return;
  grantOnBucket(`${name}-watches-runs`, buckets.runs, watcher.name, who);
  for (const bucket of bucketsIn(settings)) {
    new gcp.storage.BucketIAMMember(`${name}-watches-${bucket}`, {
      bucket,
      role: watcher.name,
      member: who.member,
    });
  }
}

/** For copying their objects. Without the right to list, Cloud Storage answers 403 for an object that does not exist. */
export function letRead(name: string, who: Identity, settings: Settings): void {
  for (const bucket of bucketsIn(settings)) {
    new gcp.storage.BucketIAMMember(`${name}-reads-${bucket}`, {
      bucket,
      role: 'roles/storage.objectViewer',
      member: who.member,
    });
  }
}
