// Grants the declared callers of a function the right to invoke it, and creates the subscriptions that push to it.
import * as gcp from '@pulumi/gcp';
import type { Input } from '@pulumi/pulumi';
import { deadLettersOf } from '../shared/deployment.ts';
import type { FunctionDeclaration } from '../shared/functions/declaration.ts';
import type { DeployedFunction } from '../shared/functions/services.ts';
import { subscriptionOf } from '../shared/functions/subscriptions.ts';
import type { Deployed } from './deployed.ts';
import { resourceNameOf, type Identities } from './identities.ts';
import { pushTo, type Push, type Topics } from './messaging.ts';
import type { Settings } from './settings.ts';

/** Each identity once, however often it calls. infra/operators.ts grants operators their rights. */
export function allowCallers(
  { name, calledBy, serves }: DeployedFunction,
  called: Deployed,
  identities: Identities,
  settings: Settings,
): void {
  const kinds = new Set(calledBy.map(({ kind }) => kind));
  if (kinds.has('schedule') || kinds.has('pipeline-schedules'))
    allowInvoking(called, `${name}-scheduler`, identities.scheduler.member);
  if (kinds.has('message')) allowInvoking(called, `${name}-pubsub-invoker`, identities.pubsubInvoker.member);
  if (kinds.has('internet') && settings.openTo === 'allUsers')
    allowInvoking(called, `${name}-everyone`, 'allUsers');
  for (const caller of calledBy) {
    // A caller that the stack does not deploy has no identity.
    if (caller.kind === 'function' && settings.functions.has(caller.name))
      allowInvoking(called, `${name}-${resourceNameOf(caller.name)}`, identities.of(caller.name).member);
  }
  if (kinds.has('service-callers') && serves !== undefined) {
    for (const member of settings.callersOf(serves.pipeline))
      allowInvoking(called, `${name}-${member}`, member);
  }
}

export const allowInvoking = (called: Deployed, name: string, member: Input<string>) =>
  new gcp.cloudrunv2.ServiceIamMember(`${name}-invoker`, {
    name: called.name,
    location: called.location,
    role: 'roles/run.invoker',
    member,
  });

/** Creates the subscriptions that push to the function; returns their dead-letter subscriptions, by name. */
export const pushMessages = (
  { name, calledBy }: FunctionDeclaration,
  called: Deployed,
  topics: Topics,
  push: Push,
): [string, gcp.pubsub.Subscription][] =>
  calledBy.flatMap((caller): [string, gcp.pubsub.Subscription][] => {
    if (caller.kind !== 'message') return [];
    const subscription = subscriptionOf(caller.topic, name);
    return [[deadLettersOf(subscription), pushTo(push, subscription, topics(caller.topic), called.address)]];
  });
