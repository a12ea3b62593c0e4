// The topics, each with a push subscription to its function and a subscription for its dead letters.
import * as gcp from '@pulumi/gcp';
import { interpolate, type Output } from '@pulumi/pulumi';
import { deadLettersOf, EXECUTION_FINISHED, RUN_ENDED, type SubscriptionName } from '../shared/deployment.ts';
import { topicsOf } from '../shared/functions/registry.ts';
import { takesRequests } from '../shared/pipelines/pipeline.ts';
import type { Keys } from './encryption.ts';
import type { Identities } from './identities.ts';
import type { Settings } from './settings.ts';

/** By the name of a topic that a function publishes to or receives. */
export type Topics = (name: string) => gcp.pubsub.Topic;

const DEAD_LETTERS_KEPT = '2678400s';
// Long enough for an operator's command to read all dead letters and release them.
const DEAD_LETTERS_ACK_SECONDS = 60;
// As long as an event function may run: a push without an answer by then counts as failed.
const ACK_DEADLINE_SECONDS = 600;
const MOST_DELIVERIES = 10;

/** Nothing ends on the topic of ended runs while no pipeline takes requests. */
export const topicsIn = ({ functions, pipelines }: Settings): readonly string[] =>
  topicsOf(functions).filter((name) => name !== RUN_ENDED || takesRequests(pipelines));

export function createTopics(settings: Settings, identities: Identities, keys: Keys): Topics {
  const topics = new Map(topicsIn(settings).map((name) => [name, createTopic(name, settings, keys)]));
  letPubsubSign(identities, keys);
  const executions = topics.get(EXECUTION_FINISHED);
  if (executions !== undefined) announceExecutions(settings, executions);
  return (name) => {
    const topic = topics.get(name);
    if (topic === undefined) throw new RangeError(`no function publishes to or receives a topic "${name}"`);
    return topic;
  };
}

/**
 * Every push carries a token of the pubsub-invoker's, which Pub/Sub's own agent signs. Google grants a role for that, on the
 * whole project, to agents that it creates itself, but not to one that a program requested.
 */
const letPubsubSign = ({ pubsubInvoker }: Identities, { messagesAgent }: Keys) =>
  new gcp.serviceaccount.IAMMember('messages-agent-signs', {
    serviceAccountId: pubsubInvoker.id,
    role: 'roles/iam.serviceAccountOpenIdTokenCreator',
    member: messagesAgent,
  });

/** Messages are stored where the functions are. */
const createTopic = (name: string, { region }: Settings, { messages }: Keys) =>
  new gcp.pubsub.Topic(name, {
    name,
    kmsKeyName: messages,
    messageStoragePolicy: { allowedPersistenceRegions: [region] },
  });

/**
 * Cloud Run has no event for an execution that ends; it writes an audit entry, and a sink publishes it. The entries of
 * failed and of successful executions differ only in fields that the mesh does not read.
 */
function announceExecutions({ project, jobRegion }: Settings, topic: gcp.pubsub.Topic): void {
  const sink = new gcp.logging.ProjectSink(EXECUTION_FINISHED, {
    name: `sluice-${EXECUTION_FINISHED}`,
    destination: interpolate`pubsub.googleapis.com/${topic.id}`,
    filter: [
      `logName="projects/${project}/logs/cloudaudit.googleapis.com%2Fsystem_event"`,
      'resource.type="cloud_run_job"',
      `resource.labels.location="${jobRegion}"`,
      'protoPayload.methodName="/Jobs.RunJob"',
    ].join(' AND '),
    uniqueWriterIdentity: true,
  });
  grantPublish(`logging-${EXECUTION_FINISHED}`, topic, sink.writerIdentity);
}

export const grantPublish = (name: string, topic: gcp.pubsub.Topic, member: Output<string>) =>
  new gcp.pubsub.TopicIAMMember(name, { topic: topic.name, role: 'roles/pubsub.publisher', member });

export interface Push {
  readonly settings: Settings;
  readonly identities: Identities;
  readonly keys: Keys;
}

/** Pushes a topic's messages to a function; after too many failures the returned subscription keeps the message. */
export function pushTo(
  { settings, identities, keys }: Push,
  name: SubscriptionName,
  topic: gcp.pubsub.Topic,
  url: Output<string>,
): gcp.pubsub.Subscription {
  const { pubsubInvoker } = identities;
  const deadLetters = deadLettersOf(name);
  const deadLetter = createTopic(deadLetters, settings, keys);
  const kept = new gcp.pubsub.Subscription(deadLetters, {
    name: deadLetters,
    topic: deadLetter.id,
    ackDeadlineSeconds: DEAD_LETTERS_ACK_SECONDS,
    messageRetentionDuration: DEAD_LETTERS_KEPT,
    expirationPolicy: { ttl: '' },
  });
  const subscription = new gcp.pubsub.Subscription(name, {
    name,
    topic: topic.id,
    ackDeadlineSeconds: ACK_DEADLINE_SECONDS,
    expirationPolicy: { ttl: '' },
    pushConfig: {
      // The functions framework reads the topic's name from this path.
      pushEndpoint: interpolate`${url}/${topic.id}`,
      oidcToken: { serviceAccountEmail: pubsubInvoker.email, audience: url },
    },
    retryPolicy: { minimumBackoff: settings.minimumBackoff, maximumBackoff: settings.maximumBackoff },
    deadLetterPolicy: { deadLetterTopic: deadLetter.id, maxDeliveryAttempts: MOST_DELIVERIES },
  });
  // Pub/Sub's own agent moves messages to the dead-letter topic, and needs the right to.
  grantPublish(`${deadLetters}-agent`, deadLetter, keys.messagesAgent);
  grantSubscribe(`${name}-agent`, subscription, keys.messagesAgent);
  return kept;
}

export const grantSubscribe = (name: string, subscription: gcp.pubsub.Subscription, member: Output<string>) =>
  new gcp.pubsub.SubscriptionIAMMember(name, {
    subscription: subscription.name,
    role: 'roles/pubsub.subscriber',
    member,
  });
