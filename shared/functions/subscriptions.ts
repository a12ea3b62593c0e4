// Every subscription that pushes messages to a function, derived from the declarations.
import type { SubscriptionName } from '../deployment.ts';
import { loadFunctions, withoutSourceEvents, type Functions } from './registry.ts';

export const subscriptionOf = (topic: string, functionName: string): SubscriptionName =>
  `${topic}-to-${functionName}`;

/** The topic of each subscription. */
export const subscriptionsOf = (functions: Functions): ReadonlyMap<SubscriptionName, string> =>
  new Map(
    [...functions.values()].flatMap(({ name, calledBy }) =>
      calledBy.flatMap((caller): [SubscriptionName, string][] =>
        caller.kind === 'message' ? [[subscriptionOf(caller.topic, name), caller.topic]] : [],
      ),
    ),
  );

const declared = loadFunctions();
const subscriptions = subscriptionsOf(declared);
const everywhere = subscriptionsOf(withoutSourceEvents(declared));
export const SUBSCRIPTION_NAMES: readonly SubscriptionName[] = [...subscriptions.keys()];

/** Whether only a deployment in which a pipeline watches a bucket has the subscription. */
export const isOptional = (subscription: SubscriptionName): boolean => !everywhere.has(subscription);

export const isSubscription = (text: string): boolean => subscriptions.has(text);

/** The topic that a subscription pushes. */
export function topicOf(subscription: SubscriptionName): string {
  const topic = subscriptions.get(subscription);
  if (topic !== undefined) return topic;
  throw new RangeError(`subscription "${subscription}": expected one of ${SUBSCRIPTION_NAMES.join(', ')}`);
}
