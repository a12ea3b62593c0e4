// Dead letters: what a subscription gave up on, and the port through which they are looked at and worked with.
import { z } from 'zod';
import type { SubscriptionName } from '../deployment.ts';

/** A message that was refused too often, as its dead-letter subscription keeps it. */
export interface DeadLetter {
  /** Of the dead letter: Pub/Sub does not carry the id that the message had before. */
  readonly id: string;
  /** The subscription that gave up on it. */
  readonly subscription: SubscriptionName;
  readonly data: Buffer;
  readonly attributes: Readonly<Record<string, string>>;
  /** When it became a dead letter. */
  readonly deadLetteredAt: string;
}

/** A letter that is ours until the lease ends; `ackId` names the lease. */
export interface HeldDeadLetter extends DeadLetter {
  readonly ackId: string;
}

export interface DeadLetters {
  /** Takes hold of up to `most` letters that nobody else holds; none does not prove that there are none. */
  take(subscription: SubscriptionName, most: number): Promise<readonly HeldDeadLetter[]>;
  /** Forgets them for good. */
  acknowledge(subscription: SubscriptionName, ackIds: readonly string[]): Promise<void>;
  /** Gives them back, as if nobody had looked. */
  giveBack(subscription: SubscriptionName, ackIds: readonly string[]): Promise<void>;
  /** Resolves when the message is durably published to the topic that the subscription pushes. */
  publish(
    subscription: SubscriptionName,
    message: { readonly data: Buffer; readonly attributes: Readonly<Record<string, string>> },
  ): Promise<void>;
}

// A pull gives a thousand at most, and a call may name about two thousand leases.
const DEAD_LETTERS_A_CALL = 500;
// As many as are taken and given back before the first lease ends.
const MOST_DEAD_LETTERS = 5000;
// Pub/Sub may answer a pull with nothing although something is there.
const VAIN_PULLS = 3;

/** The letters that were taken. `isAll` is false where there may be more, or leases ended while they were taken. */
export interface Holding {
  readonly deadLetters: readonly HeldDeadLetter[];
  readonly isAll: boolean;
}

/**
 * Holds the letters of a subscription while `work` looks at them, and gives back those that are still held at
 * the end, whatever happened. At most 5,000 are held (law 10): where there are more, `work` is told.
 */
export async function holding<T>(
  port: DeadLetters,
  subscription: SubscriptionName,
  work: (holding: Holding, forget: (deadLetter: HeldDeadLetter) => Promise<void>) => Promise<T>,
): Promise<T> {
  const held = new Map<string, HeldDeadLetter>();
  try {
    const isAll = await takeAll(port, subscription, held);
    return await work({ deadLetters: [...held.values()], isAll }, async (deadLetter) => {
      await port.acknowledge(subscription, [deadLetter.ackId]);
      held.delete(deadLetter.id);
    });
  } finally {
    const ackIds = [...held.values()].map(({ ackId }) => ackId);
    for (let from = 0; from < ackIds.length; from += DEAD_LETTERS_A_CALL) {
      await port.giveBack(subscription, ackIds.slice(from, from + DEAD_LETTERS_A_CALL));
    }
  }
}

/** Whether the pulls came to an end because there was nothing left. */
async function takeAll(
  port: DeadLetters,
  subscription: SubscriptionName,
  held: Map<string, HeldDeadLetter>,
): Promise<boolean> {
  let again = false;
  for (let vain = 0; vain < VAIN_PULLS;) {
    if (held.size >= MOST_DEAD_LETTERS) return false;
    const taken = await port.take(subscription, Math.min(DEAD_LETTERS_A_CALL, MOST_DEAD_LETTERS - held.size));
    const before = held.size;
    // A lease that ended meanwhile brings the same letter again; only its newest lease is worth something.
    for (const deadLetter of taken) held.set(deadLetter.id, deadLetter);
    again = taken.length > held.size - before;
    vain = held.size === before ? vain + 1 : 0;
  }
  return !again;
}

const ORIGINAL_ID = 'sluice-original-message-id';
const ORIGINAL_TIME = 'sluice-original-publish-time';
const REDRIVEN_BY = 'sluice-command';

/** When the message was first published, as far as its attributes say. */
export const originallyPublishedAt = ({ attributes, deadLetteredAt }: DeadLetter): string =>
  attributes[ORIGINAL_TIME] ?? attributes.CloudPubSubDeadLetterSourceTopicPublishTime ?? deadLetteredAt;

/** How often it was delivered before it was given up, or undefined where Pub/Sub did not say. */
export function deliveriesOf({ attributes }: DeadLetter): number | undefined {
  const count = attributes.CloudPubSubDeadLetterSourceDeliveryCount;
  return count !== undefined && /^\d{1,9}$/.test(count) ? Number(count) : undefined;
}

/** The command that redrove it before; undefined of a message that fails for the first time. */
export const redrivenBy = ({ attributes }: DeadLetter): string | undefined => attributes[REDRIVEN_BY];

/** The attributes under which a letter is published again: all it had, and where it comes from. */
export const redrivenAttributes = (deadLetter: DeadLetter, commandId: string): Record<string, string> => ({
  ...deadLetter.attributes,
  [ORIGINAL_ID]: deadLetter.attributes[ORIGINAL_ID] ?? deadLetter.id,
  [ORIGINAL_TIME]: originallyPublishedAt(deadLetter),
  [REDRIVEN_BY]: commandId,
});

const redriven = z.object({ message: z.object({ attributes: z.object({ [ORIGINAL_ID]: z.string() }) }) });

/** The id by which a redriven message is known, however often it is redriven; undefined for any other delivery. */
export function originalIdIn(delivery: unknown): string | undefined {
  const read = redriven.safeParse(delivery);
  return read.success ? read.data.message.attributes[ORIGINAL_ID] : undefined;
}
