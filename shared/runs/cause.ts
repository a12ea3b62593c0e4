// What triggered a run: the schedule, an event of a watched bucket, or an operator, with a reason.
import { z } from 'zod';

export const cause = z.object({
  kind: z.enum(['schedule', 'event', 'person']),
  /** The caller's identity, from its token: an email. */
  by: z.string(),
  /** The operator's reason. */
  reason: z.string().nullable(),
});
export type Cause = z.infer<typeof cause>;
