// A dead letter with what is known of it: its run, its deliveries, its redrives, and why it was refused.
import type { ErrorCode } from '../error-codes.ts';
import type { ObjectStore } from '../objects/store.ts';
import { aboutOf, type About } from './about.ts';
import {
  deliveriesOf,
  originallyPublishedAt,
  redrivenBy,
  redrivenTimes,
  type DeadLetter,
} from './dead-letters.ts';
import { readRefusal } from './refusals.ts';

export interface FoundDeadLetter extends About {
  readonly deadLetter: DeadLetter;
  readonly publishedAt: string;
  readonly deliveries: number | undefined;
  /** The command that redrove it before it failed again. */
  readonly redrivenBy: string | undefined;
  readonly redrivenTimes: number;
  /** Of the recorded refusal; undefined where none is recorded. */
  readonly code: ErrorCode | undefined;
  readonly reason: string;
}

/** One read, of the recorded refusal. */
export async function found(runs: ObjectStore, deadLetter: DeadLetter): Promise<FoundDeadLetter> {
  const refusal = await readRefusal(runs, deadLetter.data);
  return {
    deadLetter,
    ...aboutOf(deadLetter),
    publishedAt: originallyPublishedAt(deadLetter),
    deliveries: deliveriesOf(deadLetter),
    redrivenBy: redrivenBy(deadLetter),
    redrivenTimes: redrivenTimes(deadLetter),
    code: refusal?.code,
    reason:
      refusal === undefined
        ? 'no refusal is recorded: its deliveries failed for a passing reason, which is in the logs of the function'
        : `${refusal.function}: ${refusal.reason}`,
  };
}
