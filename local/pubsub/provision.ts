// The topics and subscriptions of the infra program.
import { knownInputs, optionalText, text } from '../provision/inputs.ts';
import type { Creator, Creators } from '../service.ts';

const topic: Creator = (resource, { cloud }) => {
  // There is one place to store a message in.
  const inputs = knownInputs(resource, ['name', 'kmsKeyName', 'messageStoragePolicy']);
  const kmsKeyName = optionalText(inputs, 'kmsKeyName');
  cloud.pubsub.ensureTopic({
    name: `projects/${cloud.projectId}/topics/${text(inputs, 'name')}`,
    ...(kmsKeyName === undefined ? {} : { kmsKeyName }),
  });
};

const subscription: Creator = (resource, { cloud }) => {
  const inputs = knownInputs(resource, [
    'name',
    'topic',
    'ackDeadlineSeconds',
    'expirationPolicy',
    'messageRetentionDuration',
    'pushConfig',
    'retryPolicy',
    'deadLetterPolicy',
  ]);
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
