// Dead letters: messages that a subscription gave up on, and the port to read, requeue and delete them.
import { z } from 'zod';
import type { SubscriptionName } from '../deployment.ts';

/** A message that was refused too often, as its dead-letter subscription keeps it. */
export interface DeadLetter {
  /** The dead letter's own: Pub/Sub does not keep the id that the message had before. */
  readonly id: string;
  /** The subscription that gave up on it. */
  readonly subscription: SubscriptionName;
  readonly data: Buffer;
  readonly attributes: Readonly<Record<string, string>>;
  /** When it became a dead letter. */
  readonly deadLetteredAt: string;
}

/** A dead letter that this caller holds until the lease ends; `ackId` names the lease. */
export interface HeldDeadLetter extends DeadLetter {
  readonly ackId: string;
}

export interface DeadLetters {
  /** Leases up to `most` dead letters that no other caller holds; an empty answer does not mean that there are none. */
  take(subscription: SubscriptionName, most: number): Promise<readonly HeldDeadLetter[]>;
  /** Deletes them. */
  acknowledge(subscription: SubscriptionName, ackIds: readonly string[]): Promise<void>;
  /** Ends their leases. */
  giveBack(subscription: SubscriptionName, ackIds: readonly string[]): Promise<void>;
  /** Resolves when the message is durably published to the topic that the subscription pushes. */
  publish(
    subscription: SubscriptionName,
    message: { readonly data: Buffer; readonly attributes: Readonly<Record<string, string>> },
  ): Promise<void>;
}

// A pull returns a thousand at most, and a call may name about two thousand leases.
const DEAD_LETTERS_A_CALL = 500;
// As many as can be leased and released before the first lease ends.
const MOST_DEAD_LETTERS = 5000;
// Pub/Sub may answer a pull with no message although there are some.
const VAIN_PULLS = 3;

/** The leased dead letters. `isAll` is false where there may be more, or leases ended meanwhile. */
export interface Holding {
  readonly deadLetters: readonly HeldDeadLetter[];
  readonly isAll: boolean;
}

/**
 * Leases the dead letters of a subscription while `work` runs, and releases those that are still held at the end, even
 * after a failure. At most 5,000 are held (law 10); `isAll` says whether there may be more.
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

/** Whether the pulls ended because no dead letter was left. */
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
    // A lease that ended meanwhile returns the same dead letter again; only its newest lease is valid.
    for (const deadLetter of taken) held.set(deadLetter.id, deadLetter);
    again = taken.length > held.size - before;
    vain = held.size === before ? vain + 1 : 0;
  }
  return !again;
}

const ORIGINAL_ID = 'sluice-original-message-id';
const ORIGINAL_TIME = 'sluice-original-publish-time';
const REDRIVEN_BY = 'sluice-command';
const REDRIVEN_TIMES = 'sluice-redriven';

/** When the message was first published, as far as its attributes say. */
export const originallyPublishedAt = ({ attributes, deadLetteredAt }: DeadLetter): string =>
  attributes[ORIGINAL_TIME] ?? attributes.CloudPubSubDeadLetterSourceTopicPublishTime ?? deadLetteredAt;

/** How often it was delivered before it was given up; undefined where Pub/Sub does not record it. */
export function deliveriesOf({ attributes }: DeadLetter): number | undefined {
  const count = attributes.CloudPubSubDeadLetterSourceDeliveryCount;
  return count !== undefined && /^\d{1,9}$/.test(count) ? Number(count) : undefined;
}

/** The command that redrove it before; undefined for a message that failed for the first time. */
export const redrivenBy = ({ attributes }: DeadLetter): string | undefined => attributes[REDRIVEN_BY];

/** How often commands redrove it; 1 for a message that an older version redrove, which did not count. */
export function redrivenTimes({ attributes }: DeadLetter): number {
  const count = attributes[REDRIVEN_TIMES];
  if (count !== undefined && /^\d{1,9}$/.test(count)) return Number(count);
  return attributes[REDRIVEN_BY] === undefined ? 0 : 1;
}

/** The attributes with which a dead letter is published again: those it had, its first id and time, and the command. */
export const redrivenAttributes = (deadLetter: DeadLetter, commandId: string): Record<string, string> => ({
  ...deadLetter.attributes,
  [ORIGINAL_ID]: deadLetter.attributes[ORIGINAL_ID] ?? deadLetter.id,
  [ORIGINAL_TIME]: originallyPublishedAt(deadLetter),
  [REDRIVEN_BY]: commandId,
  [REDRIVEN_TIMES]: String(redrivenTimes(deadLetter) + 1),
});

const redriven = z.object({ message: z.object({ attributes: z.object({ [ORIGINAL_ID]: z.string() }) }) });

/** The first id of a redriven message, the same however often it is redriven; undefined for any other delivery. */
export function originalIdIn(delivery: unknown): string | undefined {
  const read = redriven.safeParse(delivery);
  return read.success ? read.data.message.attributes[ORIGINAL_ID] : undefined;
}
