// The notifications of Cloud Storage: of every finished object of the results bucket, and of the watched buckets.
import * as gcp from '@pulumi/gcp';
import { OUTPUT_FINALIZED, SOURCE_FINALIZED } from '../shared/deployment.ts';
import { topicsOf } from '../shared/functions/registry.ts';
import { grantPublish, type Topics } from './messaging.ts';
import type { Settings } from './settings.ts';
import type { Buckets } from './storage.ts';

/**
 * Cloud Storage publishes every finished object to a topic. A trigger of Eventarc would do the same, but through a
 * subscription of its own, which the program cannot give a dead-letter topic, and which keeps messages for 24 hours.
 */
export function createNotifications(settings: Settings, buckets: Buckets, topics: Topics): void {
  const received = topicsOf(settings.functions);
  if (received.includes(OUTPUT_FINALIZED)) {
    const topic = topics(OUTPUT_FINALIZED);
    const granted = letStoragePublish(settings, OUTPUT_FINALIZED, topic);
    notify(OUTPUT_FINALIZED, topic, granted, { bucket: buckets.results.name });
  }
  if (received.includes(SOURCE_FINALIZED)) notifyOfSources(settings, topics(SOURCE_FINALIZED));
}

/**
 * One notification for each watched bucket, since a bucket has ten at most for each event; detect-changes finds the
 * pipeline. Cloud Storage filters by the common start of all prefixes in the bucket.
 */
function notifyOfSources(settings: Settings, topic: gcp.pubsub.Topic): void {
  const granted = letStoragePublish(settings, SOURCE_FINALIZED, topic);
  const byBucket = Map.groupBy(settings.watched, ({ bucket }) => bucket);
  for (const [bucket, places] of byBucket) {
    const prefix = commonStart(places.map((place) => place.prefix));
    const filter = prefix === '' ? {} : { objectNamePrefix: prefix };
    notify(`${SOURCE_FINALIZED}-${bucket}`, topic, granted, { bucket, ...filter });
  }
}

/** The common start of all texts. */
function commonStart([first = '', ...others]: readonly string[]): string {
  let start = first;
  while (!others.every((other) => other.startsWith(start))) start = start.slice(0, -1);
  return start;
}

/** Cloud Storage publishes as its own agent of the project, which the bucket belongs to. */
function letStoragePublish(
  { project }: Settings,
  name: string,
  topic: gcp.pubsub.Topic,
): gcp.pubsub.TopicIAMMember {
  const agent = gcp.storage.getProjectServiceAccountOutput({ project });
  return grantPublish(`storage-${name}`, topic, agent.member);
}

const notify = (
  name: string,
  topic: gcp.pubsub.Topic,
  granted: gcp.pubsub.TopicIAMMember,
  of: Pick<gcp.storage.NotificationArgs, 'bucket' | 'objectNamePrefix'>,
) =>
  new gcp.storage.Notification(
    name,
    { ...of, topic: topic.id, payloadFormat: 'JSON_API_V1', eventTypes: ['OBJECT_FINALIZE'] },
    // Cloud Storage refuses a notification that it may not publish.
    { dependsOn: granted },
  );
