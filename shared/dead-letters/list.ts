// The list of dead letters as handle-commands gives it to the console: bounded, because their data is from outside.
import { z } from 'zod';
import { errorCode } from '../error-codes.ts';
import type { FoundDeadLetter } from './found.ts';

/** What the console posts in place of a command; reading leaves no audit record. */
export const listRequest = z.strictObject({ list: z.literal('dead-letters') });
export const LIST_DEAD_LETTERS: z.infer<typeof listRequest> = { list: 'dead-letters' };

const listedDeadLetter = z.object({
  id: z.string(),
  subscription: z.string(),
  pipeline: z.string().nullable(),
  run: z.string().nullable(),
  publishedAt: z.string(),
  deadLetteredAt: z.string(),
  deliveries: z.int().nullable(),
  /** The command that redrove it last, and how often commands did. */
  redrivenBy: z.string().nullable(),
  redrivenTimes: z.int(),
  code: errorCode.nullable(),
  reason: z.string(),
  attributes: z.array(z.string()),
  /** Its beginning, as text. */
  data: z.string(),
  sizeBytes: z.int(),
});
export type ListedDeadLetter = z.infer<typeof listedDeadLetter>;

export const deadLetterList = z.object({
  /** The oldest, oldest first; at most `MOST_LISTED`. */
  deadLetters: z.array(listedDeadLetter).readonly(),
  /** How many were read. */
  count: z.int(),
  /** Whether there are no others. */
  isAll: z.boolean(),
  readAt: z.iso.datetime(),
});
export type DeadLetterList = z.infer<typeof deadLetterList>;

export const MOST_LISTED = 200;
const LONGEST_DATA = 2_000;
const MOST_ATTRIBUTES = 20;
const LONGEST_TEXT = 300;

const shortened = (text: string, longest: number): string =>
  text.length > longest ? `${text.slice(0, longest)}…` : text;

export function listed(one: FoundDeadLetter): ListedDeadLetter {
  const { deadLetter, pipeline = null, run = null, publishedAt, redrivenTimes, code = null, reason } = one;
  const { id, subscription, deadLetteredAt, data, attributes } = deadLetter;
  return {
    ...{ id, subscription, pipeline, run, deadLetteredAt, redrivenTimes, code },
    publishedAt: shortened(publishedAt, LONGEST_TEXT),
    deliveries: one.deliveries ?? null,
    redrivenBy: one.redrivenBy === undefined ? null : shortened(one.redrivenBy, LONGEST_TEXT),
    reason: shortened(reason, LONGEST_DATA),
    attributes: Object.entries(attributes)
      .slice(0, MOST_ATTRIBUTES)
      .map(([name, value]) => shortened(`${name}: ${value}`, LONGEST_TEXT)),
    data: shortened(data.subarray(0, 4 * LONGEST_DATA).toString('utf8'), LONGEST_DATA),
    sizeBytes: data.length,
  };
}
