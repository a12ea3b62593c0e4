// Loaded before a command (`node --import`): its local cloud then delivers as MESH_DELIVERIES says.
import { PubSub } from '../../local/pubsub/pubsub.ts';
import { fateOf } from './deliveries.ts';

const publish = Reflect.get(PubSub.prototype, 'publish') as PubSub['publish'];

// A message published twice is more than one delivered twice: each copy has an id of its own.
PubSub.prototype.publish = function (this: PubSub, topic, messages) {
  const fate = fateOf(topic);
  if (fate === 'lose') return messages.map(() => 'lost');
  if (fate === 'twice') publish.call(this, topic, messages);
  return publish.call(this, topic, messages);
};
