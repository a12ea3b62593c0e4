// A finished object, as Cloud Storage publishes it to a topic (`infra/messaging.ts`).
import { z } from 'zod';

// The attributes suffice, whatever the payload format; the object resource in the data is not read.
const notification = z.object({
  message: z.object({
    attributes: z.object({
      eventType: z.literal('OBJECT_FINALIZE'),
      bucketId: z.string(),
      objectId: z.string(),
    }),
  }),
});

/** The object that a delivery announces, or undefined if the delivery is another message. */
export function finishedObjectIn(data: unknown): { bucket: string; name: string } | undefined {
  const read = notification.safeParse(data);
  if (!read.success) return undefined;
  const { bucketId, objectId } = read.data.message.attributes;
  return { bucket: bucketId, name: objectId };
}
