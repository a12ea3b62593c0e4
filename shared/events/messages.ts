// The messages of the mesh, and how they are read from a delivery.
import { z } from 'zod';
import { PermanentError } from '../errors.ts';
import { modelRollback } from '../runs/model-rollback.ts';
import { isNonce, isPipelineName, isPlanHash, isRunId } from '../runs/names.ts';

const pipeline = z.string().refine(isPipelineName, 'expected a pipeline name');
const run = z.string().refine(isRunId, 'expected a run id like 000005-3fa9c1d2');
const LONGEST_CLAIM = 500;

/** Requests that start-run freezes the source of a run, takes the lease and starts the job. */
export const runRequested = z.strictObject({ pipeline, run });
export type RunRequested = z.infer<typeof runRequested>;

/**
 * Requests that publish-output publishes a stored output. With `attempt` the sweep replaces a lost finalize event;
 * without it an operator requests a replay.
 */
export const loadRequested = z
  .strictObject({
    pipeline,
    run,
    attempt: z.int().min(1).max(99).optional(),
    /** Names the replay, so that a repeated message is one replay. Default: the message's id. */
    replay: z.string().refine(isNonce, 'expected letters, digits and dashes').optional(),
    /** Publishes these rows even if a newer run has been published since. */
    allowOlder: z.boolean().optional(),
    /** The replay is the release of a held run: it is published only if no output of the run was published before. */
    release: z.boolean().optional(),
    /** Computes what the replay would change, and publishes nothing. */
    plan: z.boolean().optional(),
    /** Applies the plan of this hash, or does nothing if the tables have changed since. */
    apply: z.string().refine(isPlanHash, "expected a plan's hash, 16 hex digits").optional(),
    /** The replay is a rollback; this changes only its name in the ledger. */
    rollback: z.boolean().optional(),
    /** True keeps the current models; false lets training promote others again. */
    pin: z.boolean().optional(),
    /** An older version of one model becomes current again, and is pinned. */
    modelRollback: modelRollback.optional(),
    /** Who requests it, and why. A message carries no identity, so this is a claim. */
    by: z.string().max(LONGEST_CLAIM).optional(),
    reason: z.string().max(LONGEST_CLAIM).optional(),
  })
  .refine(({ plan, apply }) => plan !== true || apply === undefined, {
    path: ['apply'],
    error: 'a plan is made or applied, not both in one message',
  });
export type LoadRequested = z.infer<typeof loadRequested>;

/** Requests that publish-output reveals the newest publication, and starts the retention of superseded files. */
export const tidyRequested = z.strictObject({ pipeline, tidy: z.literal(true) });
export type TidyRequested = z.infer<typeof tidyRequested>;

/** The body that the sweep's schedule posts; a call with another body that is not a message starts no sweep. */
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
  /** The short name of the topic, where the event names it; a message that the sweep delivers has none. */
  readonly topic?: string | undefined;
}

/**
 * The Pub/Sub delivery in a call or event, or undefined if there is none. The framework makes a CloudEvent of a push
 * only if the push has data and a `messageId`; any other push arrives as its bare body.
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

/** Messages of two topics may have the same form and mean different things. */
export function refuseOtherTopics({ topic }: Delivery, ...own: readonly string[]): void {
  if (topic === undefined || own.includes(topic)) return;
  throw new PermanentError(
    `the message was published to ${quoted(topic)}; expected one of ${own.join(', ')}`,
    POISON,
  );
}

/** Whether a delivery's body carries a message of this form, where several forms are accepted. */
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
  if (!opened.success) throw new PermanentError('the delivery carries no Pub/Sub message', POISON);
  const { data, attributes = {} } = opened.data.message;
  if (data === undefined) {
    const found = shortened(Object.keys(attributes).join(', '));
    throw new PermanentError(
      `the message has no data, only the attributes ${found}; expected JSON with pipeline and run as its data`,
      POISON,
    );
  }
  const text = Buffer.from(data, 'base64').toString('utf8');
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new PermanentError(`the message is not JSON: ${quoted(text)}`, { cause, ...POISON });
  }
  const checked = schema.safeParse(parsed);
  if (checked.success) return checked.data;
  const problems = checked.error.issues.map(
    ({ path, message }) => `${path.length === 0 ? '' : `${path.join('.')}: `}${shortened(message)}`,
  );
  throw new PermanentError(
    `the message ${quoted(text)} has the wrong form: ${problems.slice(0, MOST_PROBLEMS).join('; ')}`,
    POISON,
  );
}

/**
 * The parts of a finalize event that the mesh uses. The rest of the object resource is not read: Google writes sizes
 * and generations as strings, and other senders write numbers.
 */
export const finalizedObject = z.object({ bucket: z.string(), name: z.string() });

const POISON = { code: 'POISON_MESSAGE' } as const;
// A message may have 10 MB; a log line has to be readable.
const MOST_PROBLEMS = 5;
const LONGEST_QUOTE = 200;
const shortened = (text: string): string =>
  text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text;
const quoted = (text: string): string => JSON.stringify(shortened(text));
