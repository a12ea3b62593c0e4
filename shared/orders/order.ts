// An order: what a person wishes that the mesh carries out, once, in that person's name.
import { z } from 'zod';
import { SUBSCRIPTION_NAMES } from '../functions/subscriptions.ts';
import { isPipelineName, isRunId } from '../runs/names.ts';

const LONGEST_REASON = 500;
/** In one order. */
export const MOST_LETTERS = 100;
const ORDER_ID = /^\d{8}T\d{6}Z-[a-z0-9]{4,32}$/;

/** `20261121T090000Z-3fa9c1d2`: when it was given, so that records list in order, and a name of its own. */
export const isOrderId = (text: string): boolean => ORDER_ID.test(text);

export const orderIdOf = (nowMs: number, name: string): string =>
  `${new Date(nowMs).toISOString().replaceAll(/[-:]|\.\d+/g, '')}-${name}`;

const id = z.string().refine(isOrderId, 'expected an order id like 20261121T090000Z-3fa9c1d2');
const pipeline = z.string().refine(isPipelineName, 'expected a pipeline name');
const run = z.string().refine(isRunId, 'expected a run id like 000005-3fa9c1d2');
const reason = z.string().trim().min(1, 'expected a reason').max(LONGEST_REASON);
const letters = z
  .array(z.string().regex(/^\d{1,30}$/, 'expected message ids'))
  .min(1)
  .max(MOST_LETTERS);

const pipelineOrder = z.strictObject({ verb: z.enum(['pause', 'resume', 'run']), pipeline, reason, id });
const runOrder = z.strictObject({
  verb: z.enum(['cancel', 'hold', 'release', 'pin', 'unpin']),
  pipeline,
  run,
  reason,
  id,
});
const letterOrder = z.strictObject({
  verb: z.enum(['redrive', 'drop']),
  subscription: z.enum(SUBSCRIPTION_NAMES),
  /** The ids of dead letters, as they are listed. */
  letters,
  reason,
  id,
});
export type PipelineOrder = z.infer<typeof pipelineOrder>;
export type RunOrder = z.infer<typeof runOrder>;
export type LetterOrder = z.infer<typeof letterOrder>;

/** The same id twice is the same order, which acts once. */
export const order = z.discriminatedUnion('verb', [pipelineOrder, runOrder, letterOrder]);
export type Order = z.infer<typeof order>;

/** An order as it was accepted: who gave it is not said by the order, but by the caller's token. */
export interface AcceptedOrder<O extends Order = Order> {
  readonly order: O;
  readonly by: string;
  readonly at: string;
}

/** What came of an order. `refused`: nothing was done, and why; the same order would be refused again. */
export const orderResult = z.object({
  result: z.enum(['done', 'refused']),
  /** One sentence for a person. */
  said: z.string(),
  /** What an order for a run led to. */
  run: z.string().optional(),
});
export type OrderResult = z.infer<typeof orderResult>;

export const done = (said: string): OrderResult => ({ result: 'done', said });
export const refused = (said: string): OrderResult => ({ result: 'refused', said });
