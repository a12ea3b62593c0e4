// The gates of a requested run: each written once, and the first writer wins (law 2).
import { z } from 'zod';
import { createOnce, readJson } from '../objects/json.ts';
import type { ObjectStore } from '../objects/store.ts';
import { approvalObject, startObject } from './names.ts';

const given = { by: z.string(), reason: z.string(), at: z.iso.datetime() };

/** Whether the run may start, where its pipeline asks for an approval. */
export const approvalGate = z.object({
  kind: z.enum(['approve', 'reject']),
  ...given,
  /** The hash of the estimate that the approver was shown. */
  estimateHash: z.string(),
});
export type ApprovalGate = z.infer<typeof approvalGate>;

/** Whether the run starts at all. */
export const startGate = z.discriminatedUnion('kind', [
  /** By a decision of the dispatch: the number is the decision's. */
  z.object({ kind: z.literal('start'), dispatch: z.int().min(1), at: z.iso.datetime() }),
  z.object({ kind: z.literal('cancel'), ...given }),
  z.object({ kind: z.literal('expire'), at: z.iso.datetime() }),
]);
export type StartGate = z.infer<typeof startGate>;

/** Records the decision at the gate and returns the one that stands: this one, or an earlier one. */
export const passApproval = (runs: ObjectStore, pipeline: string, run: string, made: ApprovalGate) =>
  createOnce(runs, approvalObject(pipeline, run), approvalGate, made);
export const passStart = (runs: ObjectStore, pipeline: string, run: string, made: StartGate) =>
  createOnce(runs, startObject(pipeline, run), startGate, made);

export const readApproval = async (runs: ObjectStore, pipeline: string, run: string) =>
  (await readJson(runs, approvalObject(pipeline, run), approvalGate))?.value;
export const readStart = async (runs: ObjectStore, pipeline: string, run: string) =>
  (await readJson(runs, startObject(pipeline, run), startGate))?.value;
