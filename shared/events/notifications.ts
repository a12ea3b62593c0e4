// A finished object, as Cloud Storage tells a Pub/Sub topic of it (`infra/messaging.ts`).
import { z } from 'zod';

// The attributes say it all, with whatever payload format; the object resource in the data is not read.
const notification = z.object({
  message: z.object({
    attributes: z.object({
      eventType: z.literal('OBJECT_FINALIZE'),
      bucketId: z.string(),
      objectId: z.string(),
    }),
  }),
});

/** The object that a delivery tells of, or undefined where the delivery is some other message. */
export function finishedObjectIn(data: unknown): { bucket: string; name: string } | undefined {
  const read = notification.safeParse(data);
  if (!read.success) return undefined;
  const { bucketId, objectId } = read.data.message.attributes;
  return { bucket: bucketId, name: objectId };
}
