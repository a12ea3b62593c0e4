// The buckets and notifications of the infra program.
import {
  group,
  groups,
  knownInputs,
  list,
  optionalText,
  text,
  count,
  type Inputs,
  type Shape,
} from '../provision/inputs.ts';
import type { Creator, Creators } from '../service.ts';
import type { LifecycleRule } from './lifecycle.ts';
import type { BucketPolicy } from './policies.ts';

const BUCKET: Shape = {
  name: 'value',
  location: 'value',
  // Access is by role alone here, and nothing is ever public.
  uniformBucketLevelAccess: [true],
  publicAccessPrevention: ['enforced'],
  // Nothing is taken down with its program.
  forceDestroy: 'value',
  deletionPolicy: 'value',
  encryption: { defaultKmsKeyName: 'value' },
  softDeletePolicy: { retentionDurationSeconds: 'value' },
  versioning: { enabled: 'value' },
  retentionPolicy: { retentionPeriod: 'value', isLocked: [false] },
  lifecycleRules: {
    action: { type: 'value' },
    condition: {
      age: 'value',
      daysSinceCustomTime: 'value',
      daysSinceNoncurrentTime: 'value',
      withState: ['LIVE', 'ARCHIVED', 'ANY'],
      matchesPrefixes: 'value',
      matchesSuffixes: 'value',
    },
  },
};

const bucket: Creator = (resource, { cloud }) => {
  const inputs = knownInputs(resource, BUCKET);
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

/** Pulumi gives three of the conditions other names than the API does. */
function ruleOf(rule: Inputs): LifecycleRule {
  const condition = group(rule, 'condition');
  const { withState, matchesPrefixes, matchesSuffixes, ...days } = condition;
  return {
    action: { type: text(group(rule, 'action'), 'type') },
    condition: {
      ...days,
      ...(withState === undefined || withState === 'ANY' ? {} : { isLive: withState === 'LIVE' }),
      ...(matchesPrefixes === undefined ? {} : { matchesPrefix: list(condition, 'matchesPrefixes') }),
      ...(matchesSuffixes === undefined ? {} : { matchesSuffix: list(condition, 'matchesSuffixes') }),
    },
  };
}

const NOTIFICATION: Shape = {
  bucket: 'value',
  topic: 'value',
  payloadFormat: 'value',
  eventTypes: 'value',
  objectNamePrefix: 'value',
};

const notification: Creator = (resource, { cloud }) => {
  const inputs = knownInputs(resource, NOTIFICATION);
  const objectNamePrefix = optionalText(inputs, 'objectNamePrefix');
  cloud.storage.notifications.ensure({
    bucket: text(inputs, 'bucket'),
    topic: text(inputs, 'topic'),
    payloadFormat: text(inputs, 'payloadFormat'),
    eventTypes: list(inputs, 'eventTypes'),
    ...(objectNamePrefix === undefined ? {} : { objectNamePrefix }),
  });
};

export const creators: Creators = {
  'gcp:storage/bucket:Bucket': bucket,
  'gcp:storage/notification:Notification': notification,
};
