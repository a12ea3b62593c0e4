// What a run came from: the schedule, an event of a watched bucket, or a person who said why.
import { z } from 'zod';

export const cause = z.object({
  kind: z.enum(['schedule', 'event', 'person']),
  /** The caller's identity, as its token named it: an email. */
  by: z.string(),
  /** What the person said. */
  reason: z.string().nullable(),
});
export type Cause = z.infer<typeof cause>;
