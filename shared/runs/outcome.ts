// How a run or a poll ended: one closed list, recorded once.
import { z } from 'zod';
import { DAYS_KEPT, REQUEST_DAYS_KEPT } from '../deployment.ts';
import { errorCode } from '../error-codes.ts';
import type { Metadata, ObjectStore } from '../objects/store.ts';
import { createOnce, readJson } from '../objects/json.ts';
import { isWatchRun, outcomeObject, type RunId } from './names.ts';

export const OUTCOMES = [
  'published',
  'no-change',
  'waiting-incomplete',
  'waiting-settling',
  'paused',
  'queued',
  'superseded',
  'held',
  'quarantined',
  'failed',
  'cancelled',
  /** A requested run that had not started when its time was over. */
  'expired',
  /** A requested run that an approver refused. */
  'rejected',
  'dead-lettered',
] as const;

export type Outcome = (typeof OUTCOMES)[number];

/** How a publication changed a table: rows by the output's key. */
export const changeCounts = z.object({
  /** `dataset.table`. */
  table: z.string(),
  added: z.int().min(0),
  removed: z.int().min(0),
  changed: z.int().min(0),
});
export type ChangeCounts = z.infer<typeof changeCounts>;

/** A file of the results bucket, in the version that was verified. */
export const resultFile = z.object({ name: z.string(), sizeBytes: z.int().min(0), crc32c: z.string() });

/** The answer to a request: one JSON file, and the files that belong to it. */
export const runResult = resultFile.extend({ attachments: z.array(resultFile).readonly() });
export type RunResult = z.infer<typeof runResult>;

export const runOutcome = z.object({
  pipeline: z.string(),
  run: z.string(),
  outcome: z.enum(OUTCOMES),
  /** Null for a publication, and in records of older versions. */
  code: errorCode.nullable().default(null),
  /** For the operator: what happened, where, what was found and expected, and what happens next. */
  reason: z.string(),
  attempt: z.int().min(0),
  rows: z.int().min(0).nullable(),
  at: z.iso.datetime(),
  /** Against the publication before; absent where nothing was published, or another delivery had published it. */
  changes: z.array(changeCounts).readonly().optional(),
  /** Of a requested run that was published. */
  result: runResult.optional(),
});
export type RunOutcome = z.infer<typeof runOutcome>;

/** The run's recorded outcome, or undefined while it is in progress. */
export const readOutcome = async (
  runs: ObjectStore,
  pipeline: string,
  run: RunId,
): Promise<RunOutcome | undefined> => (await readJson(runs, outcomeObject(pipeline, run), runOutcome))?.value;

const DAY_MS = 24 * 60 * 60 * 1000;
const LONGER_MS = (REQUEST_DAYS_KEPT - DAYS_KEPT) * DAY_MS;

/** The end of a requested run is kept longer than all else of it. */
export const keptLongerMs = (run: RunId): number => (isWatchRun(run) ? 0 : LONGER_MS);

/** Records how the run ended. The first outcome stands (law 2); the one that stands is returned. */
export async function recordOutcome(runs: ObjectStore, outcome: RunOutcome): Promise<RunOutcome> {
  return createOnce(
    runs,
    outcomeObject(outcome.pipeline, outcome.run),
    runOutcome,
    outcome,
    metadataOf(outcome),
    keptLongerMs(outcome.run),
  );
}

// Cloud Storage limits an object's metadata to 8 KiB. A reason that does not fit is read from the object.
const LONGEST_REASON = 4096;

/**
 * The outcome as its object's metadata, so that a listing shows how runs ended without reading each object. Empty if the
 * reason does not fit: a summary is complete, or there is none.
 */
export function metadataOf({ outcome, code, rows, attempt, at, reason }: RunOutcome): Metadata {
  const written = encodeURIComponent(reason.toWellFormed());
  if (written.length > LONGEST_REASON) return {};
  return {
    outcome,
    code: code ?? 'none',
    rows: rows === null ? 'none' : String(rows),
    attempt: String(attempt),
    at,
    reason: written,
  };
}

const count = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);
const summary = z.object({
  outcome: z.enum(OUTCOMES),
  code: z.union([z.literal('none').transform(() => null), errorCode]),
  rows: z.union([z.literal('none').transform(() => null), count]),
  attempt: count,
  at: z.iso.datetime(),
  reason: z
    .string()
    .max(LONGEST_REASON)
    .transform((written, context) => {
      try {
        return decodeURIComponent(written);
      } catch {
        context.addIssue('expected percent-encoded text');
        return z.NEVER;
      }
    }),
});

/** Undefined where there is no summary, or one that cannot be parsed: then the object is read. */
export function outcomeIn(
  metadata: Metadata,
  of: { readonly pipeline: string; readonly run: string },
): RunOutcome | undefined {
  const read = summary.safeParse(metadata);
  return read.success ? { pipeline: of.pipeline, run: of.run, ...read.data } : undefined;
}
