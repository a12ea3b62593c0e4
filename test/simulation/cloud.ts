// Opens the local cloud's nouns for one seed: storage, Pub/Sub, executions, over a state in memory.
import { countedIds } from '../../local/ids.ts';
import { Logging } from '../../local/logging/logging.ts';
import { PubSub, type Interference, type Post } from '../../local/pubsub/pubsub.ts';
import { finishedEntry } from '../../local/run/finished-entry.ts';
import { Notifications } from '../../local/storage/notifications.ts';
import { objectResource } from '../../local/storage/resources.ts';
import type { AttemptKey } from '../../shared/executions/runner.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import { SimulatedStorage, type OnRetired, type OnWritten } from './buckets.ts';
import { SimulatedExecutions, type Work } from './executions.ts';
import { SimulatedFolder } from './folder.ts';
import { openState } from './state.ts';
import { SimulatedWarehouse } from './warehouse.ts';
import { PROJECT, type Wiring } from './wiring.ts';
import type { Instance, Wire } from './wire.ts';

export interface CloudParts {
  readonly wire: Wire;
  /** Whose job is executed. */
  readonly pipeline: Pipeline;
  readonly buckets: readonly string[];
  readonly wiring: Wiring;
  readonly post: Post;
  readonly interference: Interference;
  readonly work: Work;
  readonly onWritten: OnWritten;
  readonly onRetired: OnRetired;
  readonly onStart: (key: AttemptKey, by: Instance) => void;
  readonly onVisible: () => void;
  /** An execution of the run has ended. */
  readonly onEnded?: (run: string) => void;
}

export function openCloud(parts: CloudParts) {
  const { wire, wiring } = parts;
  const { clock, decisions } = wire;
  const state = openState();
  const newId = countedIds();
  let draws = 0;
  const pubsub = new PubSub({
    state,
    clock,
    newId,
    chance: () => decisions.draw(`back-off ${++draws}`),
    post: parts.post,
    mintIdToken: () => Promise.resolve('token'),
    interference: parts.interference,
  });
  for (const name of wiring.topics) pubsub.ensureTopic({ name });
  for (const subscription of wiring.subscriptions) pubsub.ensureSubscription(subscription);
  const notifications = new Notifications(state);
  for (const notification of wiring.notifications) notifications.ensure(notification);
  const notifying = new Set(wiring.notifications.map(({ bucket }) => bucket));
  const storage = new SimulatedStorage({
    clock,
    buckets: parts.buckets,
    onFinalized(row, overwrote) {
      if (!notifying.has(row.bucket)) return;
      for (const { topic, ...message } of notifications.messagesFor(objectResource(row), overwrote))
        pubsub.publish(topic, [message]);
    },
    onWritten: parts.onWritten,
    onRetired: parts.onRetired,
  });
  const logging = new Logging((topic, messages) => pubsub.publish(topic, messages));
  for (const sink of wiring.sinks) logging.ensureSink(sink);
  const executions = new SimulatedExecutions({
    state,
    wire,
    pipeline: parts.pipeline,
    work: parts.work,
    onStart: parts.onStart,
    onEnded(record) {
      logging.write(finishedEntry(record));
      parts.onEnded?.(String(record.spec.env.RUN_ID));
    },
  });
  const warehouse = new SimulatedWarehouse({ storage, clock, decisions, onVisible: parts.onVisible });
  const publish = (topic: string, message: object | string): string => {
    const text = typeof message === 'string' ? message : JSON.stringify(message);
    const data = Buffer.from(text).toString('base64');
    return pubsub.publish(`${PROJECT}/topics/${topic}`, [{ data }])[0] ?? '';
  };
  pubsub.start();
  return { state, pubsub, storage, executions, warehouse, publish, folder: new SimulatedFolder() };
}

export type OpenCloud = ReturnType<typeof openCloud>;
