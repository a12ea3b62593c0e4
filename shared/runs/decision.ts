// The decision on a run: whether its output may be published. The first decision stands (law 2).
import { z } from 'zod';
import { commandWithReason } from '../command-line.ts';
import { createOnce, readJson } from '../objects/json.ts';
import type { ObjectStore } from '../objects/store.ts';
import { cancelObject, decisionObject, type RunId } from './names.ts';

/** The command behind an operator's decision. */
const operatorFields = {
  /** The command's id. */
  command: z.string(),
  by: z.string(),
  reason: z.string(),
  at: z.iso.datetime(),
};

/**
 * Made once, before the publication: by publish-output as `publish`, just before the transaction, or by an operator's
 * command as `hold` or `cancel`. So a command is either in time or too late.
 */
export const decision = z.discriminatedUnion('kind', [
  z.object({
    /** `end`: a requested run ends without a result. From then on no command changes how it ends. */
    kind: z.enum(['publish', 'end']),
    attempt: z.int().min(1),
    at: z.iso.datetime(),
  }),
  z.object({ kind: z.enum(['hold', 'cancel']), ...operatorFields }),
]);
export type Decision = z.infer<typeof decision>;
export type OperatorDecision = Extract<Decision, { command: string }>;

/** Records the decision and returns the one that stands: this one, or an earlier one. */
export const decideOnce = (
  runs: ObjectStore,
  pipeline: string,
  run: RunId,
  made: Decision,
): Promise<Decision> => createOnce(runs, decisionObject(pipeline, run), decision, made);

/** An operator's command that no further attempt starts; written after the decision, which may be an earlier hold. */
export const cancellation = z.object(operatorFields);
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

export const cancellationMessage = ({ by, reason }: Cancellation): string => `Cancelled by ${by}: ${reason}.`;

/** How a run with an output ends by an operator's decision. */
export const endByDecision = (pipeline: string, run: RunId, decided: OperatorDecision) =>
  decided.kind === 'cancel'
    ? ({
        outcome: 'cancelled',
        code: 'CANCELLED_BY_OPERATOR',
        reason: cancellationMessage(decided),
      } as const)
    : ({
        outcome: 'held',
        code: 'HELD_BY_OPERATOR',
        reason: `Held by ${decided.by}: ${decided.reason}. To publish it: ${commandWithReason(pipeline, `release ${run}`)}`,
      } as const);
