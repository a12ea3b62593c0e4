// A process that publishes without end into the state file it is given, and says each id once it has it.
import { systemClock } from '../../../local/clock.ts';
import { randomIds } from '../../../local/ids.ts';
import { PubSub } from '../../../local/pubsub/pubsub.ts';
import { openState } from '../../../local/state/state.ts';
import { SUBSCRIPTION, text, TOPIC } from './open-pubsub.ts';

const pubsub = new PubSub({
  state: openState(process.argv[2] ?? ''),
  clock: systemClock,
  newId: randomIds,
  chance: Math.random,
  post: () => Promise.reject(new Error('this process pushes nothing')),
  mintIdToken: async () => 'token',
});
pubsub.ensureTopic({ name: TOPIC });
pubsub.ensureSubscription({ name: SUBSCRIPTION, topic: TOPIC });

const publishMore = () => {
  const [id] = pubsub.publish(TOPIC, [{ data: text('x') }]);
  process.stdout.write(`${id}\n`, publishMore);
};
publishMore();
