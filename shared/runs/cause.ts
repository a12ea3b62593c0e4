// What triggered a run: the schedule, an event of a watched bucket, or an operator, with a reason.
import { z } from 'zod';
import type { Metadata, ObjectInfo } from '../objects/store.ts';

export const cause = z.object({
  kind: z.enum(['schedule', 'event', 'person']),
  /** The caller's identity, from its token: an email. */
  by: z.string(),
  /** The operator's reason. */
  reason: z.string().nullable(),
});
export type Cause = z.infer<typeof cause>;

/** What a listing shows of a request. */
export interface Requested {
  readonly at: string;
  /** Without the reason; undefined of a run that was requested before its cause was part of the listing. */
  readonly cause: Pick<Cause, 'kind' | 'by'> | undefined;
}

/** The time and the cause of a request as its object's metadata, so that a listing shows them without reading each. */
export const metadataOfRequest = ({ requestedAt, cause: { kind, by } }: Described): Metadata => ({
  at: requestedAt,
  cause: kind,
  by: encodeURIComponent(by.toWellFormed()).slice(0, LONGEST_BY),
});

interface Described {
  readonly requestedAt: string;
  readonly cause: Cause;
}

const LONGEST_BY = 1000;

const summary = z.object({
  at: z.iso.datetime(),
  kind: cause.shape.kind,
  by: z.string().transform((written, context) => {
    try {
      return decodeURIComponent(written);
    } catch {
      context.addIssue('expected percent-encoded text');
      return z.NEVER;
    }
  }),
});

/** Of a request that was written without metadata, the time is that of its object. */
export function requestedIn({
  createdAtMs,
  metadata,
}: Pick<ObjectInfo, 'createdAtMs' | 'metadata'>): Requested {
  const read = summary.safeParse({ ...metadata, kind: metadata['cause'] });
  if (!read.success) return { at: new Date(createdAtMs).toISOString(), cause: undefined };
  const { at, kind, by } = read.data;
  return { at, cause: { kind, by } };
}
