// The head of a pipeline: the newest request, whole, and what the last look said if it was no good news.
import { z } from 'zod';
import { compareAndSwap, readJson, type Stored } from '../objects/json.ts';
import type { ObjectStore } from '../objects/store.ts';
import { snapshotFile } from '../sources/snapshot.ts';
import { cause } from './cause.ts';
import { stateObject } from './names.ts';
import { OUTCOMES } from './outcome.ts';

/** What a poll has to say of the folder's files, a sentence each without its full stop. */
export const folderNotes = z.array(z.string()).readonly();

/** What was asked for: one revision's trip. Kept whole in the head, so that a lost step can be made again. */
export const runRequest = z.object({
  pipeline: z.string(),
  run: z.string(),
  sequence: z.int().min(1),
  revision: z.string(),
  snapshot: z.array(snapshotFile).readonly(),
  requestedAt: z.iso.datetime(),
  /** When the newest of its files was last changed, as the source says; absent from requests of older meshes. */
  changedAt: z.iso.datetime().optional(),
  /** What makes a forced rerun of an unchanged folder a new run; the same nonce twice is one run. */
  nonce: z.string().nullable(),
  cause,
  /** Data-quality notes on the folder: files that it leaves out and nearly would have read. */
  notes: folderNotes.optional(),
});
export type RunRequest = z.infer<typeof runRequest>;

/** A look that led to no run. */
export const poll = z.object({ outcome: z.enum(OUTCOMES), reason: z.string(), at: z.iso.datetime() });
export type Poll = z.infer<typeof poll>;

/** While it stands, no run is asked for. */
export const pause = z.object({
  /** The order that it came from. */
  command: z.string(),
  by: z.string(),
  reason: z.string(),
  at: z.iso.datetime(),
});
export type Pause = z.infer<typeof pause>;

/** The table may not show what the folder holds: since this look. Null is what a publication makes of it. */
export const stale = z.object({ since: z.iso.datetime() });

export const state = z.object({
  /** Names this write, so that its author knows it again (law 3). */
  token: z.string(),
  request: runRequest.nullable(),
  /** The revision that counts as seen. Null: look again, even if the folder is as it was. */
  revision: z.string().nullable(),
  poll: poll.nullable(),
  paused: pause.nullable().default(null),
  stale: stale.nullable().default(null),
  /** What the last poll had to say of the folder's files, whatever it led to. */
  notes: folderNotes.optional(),
});
export type PipelineState = z.infer<typeof state>;

/** Of a pipeline that nothing was ever asked of. */
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

/** Moves the head on, if nobody else has since it was read. */
export const moveState = (
  runs: ObjectStore,
  pipeline: string,
  from: Stored<PipelineState> | undefined,
  to: PipelineState,
): Promise<boolean> => compareAndSwap(runs, stateObject(pipeline), from?.generation, to);
