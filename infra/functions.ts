// The functions that `functions/` declares: a source, a deployment and its callers each.
import * as gcp from '@pulumi/gcp';
import type { Output, Resource } from '@pulumi/pulumi';
import { sourceBucketOf } from '../shared/deployment.ts';
import { isForPeople } from '../shared/functions/declaration.ts';
import { callOrder } from '../shared/functions/registry.ts';
import { subscriptionsOf } from '../shared/functions/subscriptions.ts';
import { allowCallers, pushMessages } from './callers.ts';
import { deployFunction, type Deployed } from './deployed.ts';
import type { Keys } from './encryption.ts';
import { environmentOf } from './environment.ts';
import type { Identities } from './identities.ts';
import type { Topics } from './messaging.ts';
import { letPeopleIn } from './people.ts';
import type { Settings } from './settings.ts';
import type { SourceOf } from './sources.ts';
import { createBucket, type Buckets } from './storage.ts';

export interface Functions {
  /** By the name that the function is deployed with. */
  readonly of: (name: string) => Deployed;
  readonly addressOf: (name: string) => Output<string>;
  /** The dead-letter subscriptions, by name. */
  readonly deadLetters: ReadonlyMap<string, gcp.pubsub.Subscription>;
  /** The topics whose messages are pushed to functions. */
  readonly receivedTopics: readonly string[];
}

export interface Parts {
  readonly settings: Settings;
  readonly identities: Identities;
  readonly buckets: Buckets;
  readonly topics: Topics;
  readonly keys: Keys;
}

/** A function is created after those that it calls, because it receives their addresses. */
export function createFunctions(parts: Parts, mayBuild: readonly Resource[], sourceOf: SourceOf): Functions {
  const { settings, identities, topics, keys } = parts;
  const deployed = new Map<string, Deployed>();
  const of = (name: string): Deployed => {
    const found = deployed.get(name);
    if (found === undefined) throw new RangeError(`the function "${name}" is not created yet`);
    return found;
  };
  const addressOf = (name: string) => of(name).address;
  const sources = createSourceBucket(settings, keys);
  const uploaded = new Map<string, gcp.storage.BucketObject>();
  const deadLetters = new Map<string, gcp.pubsub.Subscription>();
  for (const declaration of callOrder(settings.functions)) {
    const { name, source: folder, runsAs } = declaration;
    // Services share a source, and with it one object.
    const source = uploaded.get(folder) ?? uploadSource(sources, folder, sourceOf(folder, runsAs));
    uploaded.set(folder, source);
    const made = deployFunction({
      settings,
      declaration,
      who: identities.of(name),
      build: identities.build,
      mayBuild,
      source,
      environment: environmentOf(declaration, { ...parts, addressOf }),
    });
    deployed.set(name, made);
    allowCallers(declaration, made, identities, settings);
    if (isForPeople(declaration)) letPeopleIn(settings, name, made);
    for (const [perSubscription, kept] of pushMessages(declaration, made, topics, {
      settings,
      identities,
      keys,
    }))
      deadLetters.set(perSubscription, kept);
  }
  return { of, addressOf, deadLetters, receivedTopics: [...subscriptionsOf(settings.functions).values()] };
}

const createSourceBucket = (settings: Settings, keys: Keys) =>
  createBucket('source', settings, keys, {
    name: sourceBucketOf(settings.project),
    // The repository holds the sources.
    undeletableDays: 0,
    deletionPolicy: 'DELETE',
  });

const uploadSource = (
  bucket: gcp.storage.Bucket,
  folder: string,
  { object, content }: ReturnType<SourceOf>,
): gcp.storage.BucketObject =>
  new gcp.storage.BucketObject(`source-${folder}`, { bucket: bucket.name, name: object, source: content });
