// The messages of the mesh, and how they are read from a delivery.
import { z } from 'zod';
import { PermanentError } from '../errors.ts';
import { isNonce, isPipelineName, isPlanHash, isRunId } from '../runs/names.ts';

const pipeline = z.string().refine(isPipelineName, 'expected a pipeline name');
const run = z.string().refine(isRunId, 'expected a run id like 000005-3fa9c1d2');
const LONGEST_CLAIM = 500;

/** Asks start-run to bring a run on: to freeze its source, take the lease and start the job. */
export const runRequested = z.strictObject({ pipeline, run });
export type RunRequested = z.infer<typeof runRequested>;

/**
 * Asks publish-output to load a stored output. With `attempt` the sweep stands in for a lost finalize event;
 * without it a person asks for a replay.
 */
export const loadRequested = z
  .strictObject({
    pipeline,
    run,
    attempt: z.int().min(1).max(99).optional(),
    /** Names the replay, so that a repeated message is one replay. Default: the message's id. */
    replay: z.string().refine(isNonce, 'expected letters, digits and dashes').optional(),
    /** Puts these rows back even though a newer run has been published since. */
    allowOlder: z.boolean().optional(),
    /** Only looks at what the replay would change. */
    plan: z.boolean().optional(),
    /** Does what the plan of this hash says, or nothing if the tables have moved since. */
    apply: z.string().refine(isPlanHash, "expected a plan's hash, 16 hex digits").optional(),
    /** The plan is of a rollback; it changes nothing but the name that the ledger gives to it. */
    rollback: z.boolean().optional(),
    /** Holds the models that are current, or, false, lets training promote others again. */
    pin: z.boolean().optional(),
    /** Who asks, and why. A message carries no identity: what stands here is a claim. */
    by: z.string().max(LONGEST_CLAIM).optional(),
    reason: z.string().max(LONGEST_CLAIM).optional(),
  })
  .refine(({ plan, apply }) => plan !== true || apply === undefined, {
    path: ['apply'],
    error: 'a plan is made or applied, not both in one message',
  });
export type LoadRequested = z.infer<typeof loadRequested>;

/** Asks publish-output to show the newest publication, and to let the days of superseded files count. */
export const tidyRequested = z.strictObject({ pipeline, tidy: z.literal(true) });
export type TidyRequested = z.infer<typeof tidyRequested>;

/** What the schedule of the sweep posts; anything else that is no message does not start one. */
export const sweepCall = z.strictObject({ occasion: z.literal('schedule') });
export const SWEEP_CALL: z.infer<typeof sweepCall> = { occasion: 'schedule' };

/** The port to a topic. Resolves when the message is durably published. */
export interface Publisher<Message> {
  publish(message: Message): Promise<void>;
}

export const PUBSUB_EVENT = 'google.cloud.pubsub.topic.v1.messagePublished';
export const FINALIZED_EVENT = 'google.cloud.storage.object.v1.finalized';

const pushed = z.object({
  message: z.object({
    data: z.string().optional(),
    attributes: z.record(z.string(), z.string()).optional(),
    messageId: z.string().optional(),
    message_id: z.string().optional(),
  }),
});
const messageEvent = z.object({
  type: z.literal(PUBSUB_EVENT),
  id: z.string().optional(),
  source: z.string().optional(),
  data: z.unknown(),
});

/** A Pub/Sub message on its arrival: `id` is the message's own, the same at every delivery of it. */
export interface Delivery {
  readonly id: string | undefined;
  readonly body: unknown;
  /** The short name of the topic, where the event names it; a message that was carried by hand has none. */
  readonly topic?: string | undefined;
}

/**
 * The delivery in what reached a function, or undefined when it is no Pub/Sub message. The framework makes a
 * CloudEvent of a push only if that has data and a `messageId`; any other push arrives as its bare body.
 */
export function deliveryIn(arrived: unknown): Delivery | undefined {
  const event = messageEvent.safeParse(arrived);
  const body = event.success ? event.data.data : arrived;
  const opened = pushed.safeParse(body);
  if (!event.success && !opened.success) return undefined;
  const { messageId, message_id } = opened.data?.message ?? {};
  const topic = /\/topics\/([^/]+)$/.exec(event.data?.source ?? '')?.[1];
  return { id: messageId ?? message_id ?? event.data?.id, body, topic };
}

/** A message of one topic may read like one of another, and mean something else. */
export function refuseOtherTopics({ topic }: Delivery, ...own: readonly string[]): void {
  if (topic === undefined || own.includes(topic)) return;
  throw new PermanentError(
    `the message was published to ${quoted(topic)}; expected one of ${own.join(', ')}`,
  );
}

/** Whether a delivery's body carries such a message, where one of several may come. */
export function carries(body: unknown, schema: z.ZodType): boolean {
  const { data } = pushed.safeParse(body).data?.message ?? {};
  try {
    return schema.safeParse(JSON.parse(Buffer.from(data ?? '', 'base64').toString('utf8'))).success;
  } catch {
    return false;
  }
}

/** Reads the JSON message that a delivery's body carries. A poison message is a permanent error. */
export function messageOfDelivery<T>(body: unknown, schema: z.ZodType<T>): T {
  const opened = pushed.safeParse(body);
  if (!opened.success) throw new PermanentError('the delivery carries no Pub/Sub message');
  const { data, attributes = {} } = opened.data.message;
  if (data === undefined) {
    const found = shortened(Object.keys(attributes).join(', '));
    throw new PermanentError(
      `the message has no data, only the attributes ${found}; expected JSON with pipeline and run as its data`,
    );
  }
  const text = Buffer.from(data, 'base64').toString('utf8');
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new PermanentError(`the message is not JSON: ${quoted(text)}`, { cause });
  }
  const checked = schema.safeParse(parsed);
  if (checked.success) return checked.data;
  const problems = checked.error.issues.map(
    (issue) => `${issue.path.join('.')}: ${shortened(issue.message)}`,
  );
  throw new PermanentError(
    `the message ${quoted(text)} has the wrong form: ${problems.slice(0, MOST_PROBLEMS).join('; ')}`,
  );
}

/**
 * The parts of a finalize event that the mesh uses. The rest of the object resource is not read: Google writes
 * sizes and generations as strings, and others write numbers.
 */
export const finalizedObject = z.object({ bucket: z.string(), name: z.string() });

// A message of 10 MB may stand behind each of these; a log line is for people to read.
const MOST_PROBLEMS = 5;
const LONGEST_QUOTE = 200;
const shortened = (text: string): string =>
  text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text;
const quoted = (text: string): string => JSON.stringify(shortened(text));
