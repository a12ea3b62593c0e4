// The ruling on a run: whether its output may be published. Whoever rules first is obeyed (law 2).
import { z } from 'zod';
import { createOnce, readJson } from '../objects/json.ts';
import type { ObjectStore } from '../objects/store.ts';
import { cancelObject, decisionObject, type RunId } from './names.ts';

/** A person's word on a run. */
const word = {
  /** The order that it came from. */
  command: z.string(),
  by: z.string(),
  reason: z.string(),
  at: z.iso.datetime(),
};

/**
 * Made once, before anything irrevocable: by publish-output as `publish`, just before the transaction, or by a
 * person's order as `hold` or `cancel`. So an order is in time or too late, and never both.
 */
export const decision = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('publish'), attempt: z.int().min(1), at: z.iso.datetime() }),
  z.object({ kind: z.enum(['hold', 'cancel']), ...word }),
]);
export type Decision = z.infer<typeof decision>;
export type OperatorDecision = Extract<Decision, { command: string }>;

/** The ruling that stands: this one, or the one that was made before it. */
export const decideOnce = (
  runs: ObjectStore,
  pipeline: string,
  run: RunId,
  made: Decision,
): Promise<Decision> => createOnce(runs, decisionObject(pipeline, run), decision, made);

/** A person's wish that no attempt starts any more; written after the ruling, which may be an earlier hold. */
export const cancellation = z.object(word);
export type Cancellation = z.infer<typeof cancellation>;

export const recordCancellation = (
  runs: ObjectStore,
  pipeline: string,
  run: RunId,
  given: Cancellation,
): Promise<Cancellation> => createOnce(runs, cancelObject(pipeline, run), cancellation, given);

export const readCancellation = async (
  runs: ObjectStore,
  pipeline: string,
  run: RunId,
): Promise<Cancellation | undefined> =>
  (await readJson(runs, cancelObject(pipeline, run), cancellation))?.value;

export const cancellationMessage = ({ by, reason }: Cancellation): string => `cancelled by ${by}: ${reason}.`;

/** How a run whose output came ends by a person's ruling. */
export const endByDecision = (run: RunId, decided: OperatorDecision) =>
  decided.kind === 'cancel'
    ? ({ outcome: 'cancelled', reason: cancellationMessage(decided) } as const)
    : ({
        outcome: 'held',
        reason: `held by ${decided.by}: ${decided.reason}. sluice release ${run} publishes it all the same.`,
      } as const);
