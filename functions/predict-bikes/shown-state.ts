// What the service shows of itself: the version that it answers with, the register, and a failure to follow the pointer.
import type { LoadedModel } from '../../models/bikes/model.ts';
import type { Registered } from '../../shared/publications/register.ts';
import type { Failure, Follower, Serving } from './follow.ts';

export interface Register {
  readonly register: readonly object[];
}

const isoOf = (ms: number): string => new Date(ms).toISOString();

export const shownVersion = ({ publication, run, pinned, model }: Serving) => ({
  version: publication,
  run,
  pinned,
  trained_at: model.descriptor.trainedAt,
});

export const shownFailure = (failure: Failure | undefined): object =>
  failure === undefined
    ? {}
    : {
        failure: {
          code: failure.code,
          message: failure.message,
          version: failure.publication,
          since: isoOf(failure.sinceMs),
          tries: failure.tries,
          next_try_at: isoOf(failure.nextTryAtMs),
        },
      };

/** The champion, as this instance answers with it. */
export function healthOf({ serving, failure, checkedAtMs }: Follower): object {
  return {
    champion: serving === undefined ? null : { ...shownVersion(serving), ...shownKinds(serving.model) },
    pinned: serving?.pinned ?? false,
    checked_at: checkedAtMs === undefined ? null : isoOf(checkedAtMs),
    ...shownFailure(failure),
  };
}

const shownKinds = ({ kinds, descriptor: { best, candidates, naive } }: LoadedModel) => ({
  best,
  loaded: kinds,
  types: candidates.map(({ kind, recipe, metrics }) => ({ type: kind, recipe, metrics })),
  naive,
});

export const shownCandidate = ({ publication, run, trainedAt, result }: Registered): object => ({
  version: publication,
  run,
  trained_at: trainedAt,
  recipe: result.recipe,
  metrics: result.metrics,
  compared_with: result.champion?.publication ?? null,
});
