// The state of a pipeline: the newest request, whole, and the last poll that led to no run.
import { z } from 'zod';
import { errorCode } from '../error-codes.ts';
import { compareAndSwap, readJson, type Stored } from '../objects/json.ts';
import type { ObjectStore } from '../objects/store.ts';
import { snapshotFile } from '../sources/snapshot.ts';
import { cause } from './cause.ts';
import { stateObject } from './names.ts';
import { OUTCOMES } from './outcome.ts';

/** Data-quality notes on the source's files, one sentence each, without its full stop. */
export const folderNotes = z.array(z.string()).readonly();

/** The request of a run for one revision. The state holds it whole, so that a lost step can be repeated. */
export const runRequest = z.object({
  pipeline: z.string(),
  run: z.string(),
  sequence: z.int().min(1),
  revision: z.string(),
  snapshot: z.array(snapshotFile).readonly(),
  requestedAt: z.iso.datetime(),
  /** When the newest of its files was last changed, as the source reports; absent from requests of older versions. */
  changedAt: z.iso.datetime().optional(),
  /** Makes a forced rerun of an unchanged source a new run; the same nonce twice is one run. */
  nonce: z.string().nullable(),
  cause,
  /** Data-quality notes on the source: files that the run leaves out although their names nearly match a role. */
  notes: folderNotes.optional(),
});
export type RunRequest = z.infer<typeof runRequest>;

/** A poll that led to no run. */
export const poll = z.object({
  outcome: z.enum(OUTCOMES),
  /** Null in records of older versions. */
  code: errorCode.nullable().default(null),
  reason: z.string(),
  at: z.iso.datetime(),
});
export type Poll = z.infer<typeof poll>;

/** While the state holds it, no run is requested. */
export const pause = z.object({
  /** The command's id. */
  command: z.string(),
  by: z.string(),
  reason: z.string(),
  at: z.iso.datetime(),
});
export type Pause = z.infer<typeof pause>;

/** Since when the outputs may be stale. A publication resets it to null. */
export const stale = z.object({ since: z.iso.datetime() });

export const state = z.object({
  /** Identifies this write (law 3). */
  token: z.string(),
  request: runRequest.nullable(),
  /** The revision of the newest request. Null: the next poll requests a run even if the source is unchanged. */
  revision: z.string().nullable(),
  poll: poll.nullable(),
  paused: pause.nullable().default(null),
  stale: stale.nullable().default(null),
  /** The data-quality notes of the last poll, whatever it led to. */
  notes: folderNotes.optional(),
});
export type PipelineState = z.infer<typeof state>;

/** The state of a pipeline without any request. */
export const emptyState = (token: string): PipelineState => ({
  token,
  request: null,
  revision: null,
  poll: null,
  paused: null,
  stale: null,
});

export const readState = (runs: ObjectStore, pipeline: string): Promise<Stored<PipelineState> | undefined> =>
  readJson(runs, stateObject(pipeline), state);

/** Replaces the state, unless it has changed since it was read. */
export const moveState = (
  runs: ObjectStore,
  pipeline: string,
  from: Stored<PipelineState> | undefined,
  to: PipelineState,
): Promise<boolean> => compareAndSwap(runs, stateObject(pipeline), from?.generation, to);
