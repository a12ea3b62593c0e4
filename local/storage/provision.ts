// The buckets and notifications of the infra program.
import { count, group, groups, knownInputs, list, text } from '../provision/inputs.ts';
import type { Creator, Creators } from '../service.ts';
import type { LifecycleRule } from './lifecycle.ts';
import type { BucketPolicy } from './policies.ts';

type Inputs = Readonly<Record<string, unknown>>;

const bucket: Creator = (resource, { cloud }) => {
  // Access is by role alone here, and nothing is ever public, or taken down with its program.
  const ignored = ['uniformBucketLevelAccess', 'publicAccessPrevention', 'forceDestroy', 'deletionPolicy'];
  const kept = ['encryption', 'softDeletePolicy', 'versioning', 'lifecycleRules', 'retentionPolicy'];
  const inputs = knownInputs(resource, ['name', 'location', ...ignored, ...kept]);
  const [name, location] = [text(inputs, 'name'), text(inputs, 'location')];
  cloud.storage.ensureBucket({ name, location, projectId: cloud.projectId }, policyOf(inputs));
};

const policyOf = (inputs: Inputs): BucketPolicy => ({
  ...('retentionPolicy' in inputs
    ? { retentionSeconds: Number(text(group(inputs, 'retentionPolicy'), 'retentionPeriod')) }
    : {}),
  ...('versioning' in inputs ? { versioning: group(inputs, 'versioning').enabled === true } : {}),
  ...('encryption' in inputs ? { kmsKeyName: text(group(inputs, 'encryption'), 'defaultKmsKeyName') } : {}),
  ...('softDeletePolicy' in inputs
    ? { softDeleteSeconds: count(group(inputs, 'softDeletePolicy'), 'retentionDurationSeconds') }
    : {}),
  ...('lifecycleRules' in inputs ? { lifecycle: groups(inputs, 'lifecycleRules').map(ruleOf) } : {}),
});

/** Pulumi gives two of the conditions other names than the API does. */
function ruleOf(rule: Inputs): LifecycleRule {
  const { withState, matchesSuffixes, ...condition } = group(rule, 'condition');
  return {
    action: { type: text(group(rule, 'action'), 'type') },
    condition: {
      ...condition,
      ...(withState === undefined ? {} : { isLive: withState === 'LIVE' }),
      ...(matchesSuffixes === undefined ? {} : { matchesSuffix: matchesSuffixes as string[] }),
    },
  };
}

const notification: Creator = (resource, { cloud }) => {
  const inputs = knownInputs(resource, ['bucket', 'topic', 'payloadFormat', 'eventTypes']);
  cloud.storage.notifications.ensure({
    bucket: text(inputs, 'bucket'),
    topic: text(inputs, 'topic'),
    payloadFormat: text(inputs, 'payloadFormat'),
    eventTypes: list(inputs, 'eventTypes'),
  });
};

export const creators: Creators = {
  'gcp:storage/bucket:Bucket': bucket,
  'gcp:storage/notification:Notification': notification,
};
