// The messages of the mesh, and how they are read from a delivery.
import { z } from 'zod';
import { PermanentError } from '../errors.ts';
import { isNonce, isPipelineName, isRunId } from '../runs/names.ts';

const pipeline = z.string().refine(isPipelineName, 'expected a pipeline name');
const run = z.string().refine(isRunId, 'expected a run id like 000005-3fa9c1d2');

/** Asks start-run to bring a run on: to freeze its source, take the lease and start the job. */
export const runRequested = z.strictObject({ pipeline, run });
export type RunRequested = z.infer<typeof runRequested>;

/**
 * Asks load-output to load a stored output. With `attempt` the sweep stands in for a lost finalize event;
 * without it a person asks for a replay.
 */
export const loadRequested = z.strictObject({
  pipeline,
  run,
  attempt: z.int().min(1).max(99).optional(),
  /** Names the replay, so that a repeated message is one replay. Default: the message's id. */
  replay: z.string().refine(isNonce, 'expected letters, digits and dashes').optional(),
  /** Puts these rows back even though a newer run has been published since. */
  overNewer: z.boolean().optional(),
});
export type LoadRequested = z.infer<typeof loadRequested>;

/** The port to a topic. Resolves when the message is durably published. */
export interface Publisher<Message> {
  publish(message: Message): Promise<void>;
}

export const PUBSUB_EVENT = 'google.cloud.pubsub.topic.v1.messagePublished';
export const FINALIZED_EVENT = 'google.cloud.storage.object.v1.finalized';

const delivery = z.object({ message: z.object({ data: z.string(), messageId: z.string().optional() }) });

/** Reads the JSON message that a Pub/Sub delivery carries. A poison message is a permanent error. */
export function messageOfDelivery<T>(data: unknown, schema: z.ZodType<T>): T {
  const opened = delivery.safeParse(data);
  if (!opened.success) throw new PermanentError('the delivery carries no Pub/Sub message with data');
  const text = Buffer.from(opened.data.message.data, 'base64').toString('utf8');
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new PermanentError(`the message is not JSON: ${quoted(text)}`, { cause });
  }
  const checked = schema.safeParse(parsed);
  if (checked.success) return checked.data;
  const problems = checked.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new PermanentError(`the message ${quoted(text)} has the wrong form: ${problems.join('; ')}`);
}

/** The parts of a finalize event that the mesh uses; the rest of the object resource is not read. */
export const finalizedObject = z.object({ bucket: z.string(), name: z.string(), generation: z.string() });

const quoted = (text: string): string => JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);
