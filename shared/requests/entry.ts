// A request as it waits in the queue: one object, whose creation accepts it.
import { z } from 'zod';
import { estimate } from './estimate.ts';

export const requester = z.object({
  issuer: z.string(),
  subject: z.string(),
  /** For people who read records; the token's verified address, or null. */
  email: z.string().nullable(),
});
export type Requester = z.infer<typeof requester>;

/** The record of a request, without what the requester sent. It becomes the run's `request.json`. */
export const requestRecord = z.object({
  pipeline: z.string(),
  run: z.string(),
  requester,
  acceptedAt: z.iso.datetime(),
  /** A run that has not started by then ends as expired. */
  expiresAt: z.iso.datetime(),
  /** SHA-256 of the canonical body: the same key with another body is refused. */
  bodyHash: z.string().regex(/^[0-9a-f]{64}$/),
  preset: z.string().nullable(),
  /** Orders the requests of one owner: 0 is started first, 9 last. */
  priority: z.int().min(0).max(9),
  maxCost: z.number().min(0).nullable(),
  estimate,
  /** The size that the pipeline's estimator computed from the parameters. */
  units: z.number().min(0),
  approval: z.enum(['none', 'before-start']),
  /** The trace that the request began, as W3C trace context. */
  traceparent: z.string().optional(),
});
export type RequestRecord = z.infer<typeof requestRecord>;

export const queueEntry = z.object({
  record: requestRecord,
  /** The parameters of the job: those of the preset with those of the request over them. */
  parameters: z.record(z.string(), z.unknown()),
});
export type QueueEntry = z.infer<typeof queueEntry>;

/** Stands in the place of what was erased: content, and each file of a result. No late copy replaces it. */
export const tombstone = z.object({ kind: z.literal('erased'), by: z.string(), at: z.iso.datetime() });

/** The content of a run, or the tombstone in its place. */
export const requestContent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('content'), parameters: z.record(z.string(), z.unknown()) }),
  tombstone,
]);
export type RequestContent = z.infer<typeof requestContent>;

/** An entry's metadata: what the queue's listing shows, so that scheduling reads no entry. */
export const entryMetadata = z.object({
  /** Dollars: the expected cost, or the bound where there is no history. */
  cost: z.coerce.number().min(0),
  priority: z.coerce.number().int().min(0).max(9),
  'body-hash': z.string(),
  'accepted-at': z.iso.datetime(),
  'expires-at': z.iso.datetime(),
  approval: z.enum(['none', 'before-start']),
});
export type EntryMetadata = z.infer<typeof entryMetadata>;
