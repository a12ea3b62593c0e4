// The topics, subscriptions, notifications and sinks that `infra/` deploys, read off the program itself, as plain data.
import type { Sink } from '../../local/logging/logging.ts';
import type { SubscriptionRequest } from '../../local/pubsub/pubsub.ts';
import type { NotificationConfig } from '../../local/storage/notifications.ts';
import { resultsBucketOf } from '../../shared/deployment.ts';

export const PROJECT = 'projects/simulation';

/** What the program's buckets are called in the simulated world. */
const NAMES_HERE: Readonly<Record<string, string>> = { [resultsBucketOf('simulation')]: 'results' };

export interface Wiring {
  readonly topics: readonly string[];
  readonly subscriptions: readonly SubscriptionRequest[];
  readonly notifications: readonly NotificationConfig[];
  readonly sinks: readonly Sink[];
}

/** Reads them off the program itself: what is simulated is what is deployed. */
export async function planWiring(): Promise<Wiring> {
  // Pulumi takes most of a second to load, and only whoever plans needs it.
  const { planResources } = await import('../../infra/plan.ts');
  const config = { 'gcp:project': 'simulation', 'carmila:driveFolderId': 'folder' };
  const planned = await planResources({ config, functionUrl: (name) => `http://${name}.local` });
  const inputsOf = (type: string) =>
    planned.filter((resource) => resource.type === type).map(({ inputs }) => inputs);
  return {
    topics: inputsOf('gcp:pubsub/topic:Topic').map(({ name }) => `${PROJECT}/topics/${String(name)}`),
    subscriptions: inputsOf('gcp:pubsub/subscription:Subscription').map(
      (inputs) =>
        ({
          ...inputs,
          name: `${PROJECT}/subscriptions/${String(inputs.name)}`,
        }) as unknown as SubscriptionRequest,
    ),
    notifications: inputsOf('gcp:storage/notification:Notification').map(
      (inputs) => ({ ...inputs, bucket: NAMES_HERE[String(inputs.bucket)] }) as NotificationConfig,
    ),
    sinks: inputsOf('gcp:logging/projectSink:ProjectSink') as unknown as Sink[],
  };
}
