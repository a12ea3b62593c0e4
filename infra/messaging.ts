// The topics, each with a push subscription to its function and a dead letter that keeps what failed.
import * as gcp from '@pulumi/gcp';
import { interpolate, type Output } from '@pulumi/pulumi';
import { LOAD_REQUESTED, RUN_REQUESTED } from '../shared/deployment.ts';
import type { Identities, Identity } from './identities.ts';
import type { Settings } from './settings.ts';

export interface Topics {
  readonly runRequested: gcp.pubsub.Topic;
  readonly loadRequested: gcp.pubsub.Topic;
}

const DEAD_LETTERS_KEPT = '2678400s';
// As long as an event function may run: a push that is not answered by then counts as failed.
const ACK_DEADLINE_SECONDS = 600;
const MOST_DELIVERIES = 10;

export function createTopics(identities: Identities): Topics {
  const runRequested = new gcp.pubsub.Topic(RUN_REQUESTED, { name: RUN_REQUESTED });
  const loadRequested = new gcp.pubsub.Topic(LOAD_REQUESTED, { name: LOAD_REQUESTED });
  const { detectChanges, startRun, loadOutput } = identities;
  for (const [name, who] of Object.entries({ detectChanges, startRun, loadOutput })) {
    grantPublish(`${name}-${RUN_REQUESTED}`, runRequested, who);
  }
  return { runRequested, loadRequested };
}

const grantPublish = (name: string, topic: gcp.pubsub.Topic, who: Identity) =>
  new gcp.pubsub.TopicIAMMember(name, {
    topic: topic.name,
    role: 'roles/pubsub.publisher',
    member: who.member,
  });

/** Pushes a topic's messages to a function; after too many failures a message goes to `<topic>-dead-letter`. */
export function pushTo(
  settings: Settings,
  name: string,
  topic: gcp.pubsub.Topic,
  url: Output<string>,
  courier: Identity,
): void {
  const letters = `${name}-dead-letter`;
  const deadLetter = new gcp.pubsub.Topic(letters, { name: letters });
  new gcp.pubsub.Subscription(letters, {
    name: letters,
    topic: deadLetter.id,
    messageRetentionDuration: DEAD_LETTERS_KEPT,
    expirationPolicy: { ttl: '' },
  });
  const subscription = new gcp.pubsub.Subscription(name, {
    name,
    topic: topic.id,
    ackDeadlineSeconds: ACK_DEADLINE_SECONDS,
    expirationPolicy: { ttl: '' },
    pushConfig: {
      // The functions framework reads the topic's name off this path.
      pushEndpoint: interpolate`${url}/${topic.id}`,
      oidcToken: { serviceAccountEmail: courier.email, audience: url },
    },
    retryPolicy: { minimumBackoff: settings.minimumBackoff, maximumBackoff: '600s' },
    deadLetterPolicy: { deadLetterTopic: deadLetter.id, maxDeliveryAttempts: MOST_DELIVERIES },
  });
  // Pub/Sub's own agent moves messages to the dead letter, and needs the right to.
  const agent = gcp.organizations
    .getProjectOutput({ projectId: settings.project })
    .apply((project) => `serviceAccount:service-${project.number}@gcp-sa-pubsub.iam.gserviceaccount.com`);
  new gcp.pubsub.TopicIAMMember(`${letters}-agent`, {
    topic: deadLetter.name,
    role: 'roles/pubsub.publisher',
    member: agent,
  });
  new gcp.pubsub.SubscriptionIAMMember(`${name}-agent`, {
    subscription: subscription.name,
    role: 'roles/pubsub.subscriber',
    member: agent,
  });
}
