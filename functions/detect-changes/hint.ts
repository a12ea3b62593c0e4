// Decides what an event of a watched bucket leads to: a pure function. The schedule finds every change; a hint is faster.
import type { FinishedObject } from '../../shared/events/notifications.ts';
import type { WatchPipeline } from '../../shared/pipelines/pipeline.ts';
import type { PipelineState } from '../../shared/runs/state.ts';
import { LONGEST_NAME } from '../../shared/sources/file-names.ts';
import { namePlaysRole } from '../../shared/sources/roles.ts';

/** A pipeline whose source is in a bucket: `bucket/prefix`, as its listings have it. */
export interface WatchedBucket {
  readonly pipeline: WatchPipeline;
  readonly place: string;
  readonly settleMs: number;
}

export type Route =
  | { readonly kind: 'foreign' }
  /** The bucket is watched; the object is not a file of a pipeline. */
  | { readonly kind: 'not-watched' }
  | { readonly kind: 'watched'; readonly by: readonly WatchedBucket[] };

/** The pipelines for which the object is a file of a role. Polls report on other files. */
export function routeOf(object: FinishedObject, watched: readonly WatchedBucket[]): Route {
  const inBucket = watched.filter(({ place }) => place.startsWith(`${object.bucket}/`));
  if (inBucket.length === 0) return { kind: 'foreign' };
  const by = inBucket.filter((each) => isFileOf(object, each));
  return by.length === 0 ? { kind: 'not-watched' } : { kind: 'watched', by };
}

function isFileOf({ bucket, name }: FinishedObject, { pipeline, place }: WatchedBucket): boolean {
  const full = `${bucket}/${name}`;
  const file = full.slice(place.length).normalize('NFC');
  if (!full.startsWith(place) || file.length > LONGEST_NAME) return false;
  return Object.values(pipeline.trigger.source.files).some((role) => namePlaysRole(file, role));
}

/** The last of the deliveries on which a hint waits: two before it would become a dead letter (infra/messaging.ts). */
export const LAST_WAIT = 8;

/**
 * Whether a poll would only find that the source is not settled. Such a hint is refused, so that Pub/Sub delivers it again
 * after 10, 20, 40 … s, without a further call. A hint that has waited often enough is left to the schedule.
 *
 *     finished ──▶ delivered ─ ─ ─ ▶ again ─ ─ ─ ─ ─ ─ ▶ again ─ ─ ─▶ settled: polls
 *
 * If a newer object keeps the source from settling, that object has a hint of its own, which comes later.
 */
export const isSettling = (
  { finishedAtMs }: FinishedObject,
  settleMs: number,
  deliveryAttempt: number,
  nowMs: number,
): boolean =>
  finishedAtMs !== undefined && deliveryAttempt <= LAST_WAIT && Math.abs(nowMs - finishedAtMs) < settleMs;

/**
 * Whether a poll would find nothing new: the newest request is of this version of the object, or of a newer one, or the
 * pipeline is paused. Of a thousand objects that were uploaded together, one hint polls and the others read the state.
 * A state without a revision requires a poll.
 */
export function isKnown(
  { bucket, name, generation }: FinishedObject,
  state: PipelineState | undefined,
): boolean {
  if (state?.paused) return true;
  if (generation === undefined || state === undefined || state.revision === null) return false;
  const file = state.request?.snapshot.find(({ id }) => id === `${bucket}/${name}`);
  return file?.content.kind === 'generation' && BigInt(file.content.generation) >= BigInt(generation);
}
