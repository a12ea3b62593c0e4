// A finished object, as Cloud Storage publishes it to a topic (`infra/messaging.ts`).
import { z } from 'zod';

// The attributes suffice, whatever the payload format; the object resource in the data is not read.
const notification = z.object({
  message: z.object({
    attributes: z.object({
      eventType: z.literal('OBJECT_FINALIZE'),
      bucketId: z.string(),
      objectId: z.string(),
      objectGeneration: z
        .string()
        .regex(/^\d{1,20}$/)
        .optional()
        .catch(undefined),
      eventTime: z.iso.datetime().optional().catch(undefined),
    }),
  }),
});

export interface FinishedObject {
  readonly bucket: string;
  readonly name: string;
  /** Undefined if the notification does not hold it in the form of Cloud Storage. */
  readonly generation: string | undefined;
  readonly finishedAtMs: number | undefined;
}

/** The object that a delivery announces, or undefined if the delivery is another message. */
export function finishedObjectIn(data: unknown): FinishedObject | undefined {
  const read = notification.safeParse(data);
  if (!read.success) return undefined;
  const { bucketId, objectId, objectGeneration, eventTime } = read.data.message.attributes;
  return {
    bucket: bucketId,
    name: objectId,
    generation: objectGeneration,
    finishedAtMs: eventTime === undefined ? undefined : Date.parse(eventTime),
  };
}
