// The topics and subscriptions of the infra program.
import { knownInputs, optionalText, text, type Shape } from '../provision/inputs.ts';
import type { Creator, Creators } from '../service.ts';

const TOPIC: Shape = {
  name: 'value',
  kmsKeyName: 'value',
  // There is one place to store a message in.
  messageStoragePolicy: { allowedPersistenceRegions: 'value' },
};

const topic: Creator = (resource, { cloud }) => {
  const inputs = knownInputs(resource, TOPIC);
  const kmsKeyName = optionalText(inputs, 'kmsKeyName');
  cloud.pubsub.ensureTopic({
    name: `projects/${cloud.projectId}/topics/${text(inputs, 'name')}`,
    ...(kmsKeyName === undefined ? {} : { kmsKeyName }),
  });
};

const SUBSCRIPTION: Shape = {
  name: 'value',
  topic: 'value',
  ackDeadlineSeconds: 'value',
  expirationPolicy: { ttl: 'value' },
  messageRetentionDuration: 'value',
  pushConfig: {
    pushEndpoint: 'value',
    attributes: 'texts',
    oidcToken: { serviceAccountEmail: 'value', audience: 'value' },
  },
  retryPolicy: { minimumBackoff: 'value', maximumBackoff: 'value' },
  deadLetterPolicy: { deadLetterTopic: 'value', maxDeliveryAttempts: 'value' },
};

const subscription: Creator = (resource, { cloud }) => {
  const inputs = knownInputs(resource, SUBSCRIPTION);
  const { name, ...settings } = inputs;
  cloud.pubsub.ensureSubscription({
    ...(settings as { topic: string }),
    name: `projects/${cloud.projectId}/subscriptions/${String(name)}`,
  });
};

export const creators: Creators = {
  'gcp:pubsub/topic:Topic': topic,
  'gcp:pubsub/subscription:Subscription': subscription,
};
