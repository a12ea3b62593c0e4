// The topics, subscriptions, notifications, sinks and variables that `infra/` deploys, read off the program itself, as plain data.
import type { Sink } from '../../local/logging/logging.ts';
import type { SubscriptionRequest } from '../../local/pubsub/pubsub.ts';
import type { NotificationConfig } from '../../local/storage/notifications.ts';
import type { Env } from '../../shared/config.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import {
  auditBucketOf,
  exportsBucketOf,
  requestsBucketOf,
  resultsBucketOf,
  runsBucketOf,
} from '../../shared/deployment.ts';

export const PROJECT = 'projects/simulation';

/** What the program's buckets are called in the simulated mesh. */
const NAMES_HERE: Readonly<Record<string, string>> = {
  [runsBucketOf('simulation')]: 'runs',
  [resultsBucketOf('simulation')]: 'results',
  [exportsBucketOf('simulation')]: 'exports',
  [requestsBucketOf('simulation')]: 'requests',
  [auditBucketOf('simulation')]: 'audit',
};

export function bucketHere(name: string): string {
  const here = NAMES_HERE[name];
  if (here === undefined) throw new RangeError(`the simulation has no bucket for ${name}`);
  return here;
}

export interface Wiring {
  readonly topics: readonly string[];
  readonly subscriptions: readonly SubscriptionRequest[];
  readonly notifications: readonly NotificationConfig[];
  readonly sinks: readonly Sink[];
  /** The environment of each function, by its name. */
  readonly environmentOf: Readonly<Record<string, Env>>;
}

/** The stack of a simulated world. */
export interface Stack {
  readonly config: Readonly<Record<string, string>>;
  /** Default: those of `pipelines/`. */
  readonly pipelines?: readonly Pipeline[];
}

const CARMILA: Stack = { config: { 'carmila:driveFolderId': 'folder' } };

/** Reads them off the program itself: what is simulated is what is deployed. */
export async function planWiring({ config: own, ...stack }: Stack = CARMILA): Promise<Wiring> {
  // Pulumi takes most of a second to load, and only planning needs it.
  const { planResources } = await import('../../infra/plan.ts');
  const config = { 'gcp:project': 'simulation', ...own };
  const planned = await planResources({ config, ...stack, functionUrl: (name) => `http://${name}.local` });
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
      (inputs) => ({ ...inputs, bucket: bucketHere(String(inputs.bucket)) }) as NotificationConfig,
    ),
    sinks: inputsOf('gcp:logging/projectSink:ProjectSink') as unknown as Sink[],
    environmentOf: Object.fromEntries([
      ...inputsOf('gcp:cloudfunctionsv2/function:Function').map(({ name, serviceConfig }) => [
        String(name),
        (serviceConfig as { readonly environmentVariables: Env }).environmentVariables,
      ]),
      ...inputsOf('gcp:cloudrunv2/service:Service').map(({ name, template }) => [
        String(name),
        variablesIn(template as ServiceTemplate),
      ]),
    ]),
  };
}

interface ServiceTemplate {
  readonly containers: readonly {
    readonly envs?: readonly { readonly name: string; readonly value: string }[];
  }[];
}

const variablesIn = ({ containers }: ServiceTemplate): Env =>
  Object.fromEntries(containers.flatMap(({ envs = [] }) => envs.map(({ name, value }) => [name, value])));
