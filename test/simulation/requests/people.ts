// What people do, drawn from the seed before anything happens: owners who request runs and cancel them, an approver.
import { drawn } from '../decisions.ts';
import { OWNERS, type OwnerName, type SampleParameters } from './sample.ts';

const MINUTE_MS = 60_000;

/** One request with its idempotency key, and what its owner does about it. */
export interface Ask {
  readonly owner: OwnerName;
  readonly key: string;
  readonly atMs: number;
  readonly parameters: SampleParameters;
  readonly priority: number;
  /** Sent so often at once: a client that does not wait for its first answer. */
  readonly times: number;
  /** The same key with another body, so long after. */
  readonly otherAfterMs: number | undefined;
  /** Sent again so long after, although the first was answered. */
  readonly againAfterMs: number | undefined;
  readonly cancel: Cancel | undefined;
  /** So long after it was accepted; undefined: the approver forgets it. */
  readonly decideAfterMs: number | undefined;
  readonly decision: 'approve' | 'reject';
  /** So long after it ended. */
  readonly eraseAfterMs: number | undefined;
}

/** At a moment, or just after the run did something. */
export interface Cancel {
  readonly when: 'after-accepted' | 'at-decision' | 'at-start' | 'at-output' | 'at-end';
  readonly afterMs: number;
  readonly by: 'owner' | 'approver';
}

/** One in three seeds has an owner who sends most of all. */
const SHARE_WITH_GREED = 0.35;
const SHARE_OF_GREED = 0.8;

export function asksOf(seed: number, fromMs: number, lengthMs: number): readonly Ask[] {
  const count = 6 + Math.floor(drawn(seed, 'asks') * 26);
  const isGreedy = drawn(seed, 'greed') < SHARE_WITH_GREED;
  // A burst at once, or a stream over hours.
  const spreadMs = drawn(seed, 'spread') < 0.4 ? 20 * MINUTE_MS : lengthMs;
  const owners = OWNERS.slice(0, 2 + Math.floor(drawn(seed, 'owners') * (OWNERS.length - 1)));
  return Array.from({ length: count }, (_, index) => {
    const draw = (what: string) => drawn(seed, `ask ${index} ${what}`);
    const greedy = isGreedy && draw('is greedy') < SHARE_OF_GREED;
    const owner = greedy ? OWNERS[0] : pick(owners, draw('owner'));
    return askOf(owner, index, fromMs + draw('when') * spreadMs, draw);
  }).sort((one, other) => one.atMs - other.atMs);
}

function askOf(owner: OwnerName, index: number, atMs: number, draw: (what: string) => number): Ask {
  const cancels = draw('cancels') < 0.3;
  const when = pick(
    ['after-accepted', 'at-decision', 'at-start', 'at-output', 'at-end'] as const,
    draw('cancels when'),
  );
  return {
    ...{ owner, key: `key-${index}`, atMs },
    parameters: {
      what: `${owner} ${index}`,
      units: 1 + Math.floor(draw('units') ** 3 * 20),
      ends: draw('ends') < 0.1 ? 'refuse' : 'succeed',
    },
    priority: Math.floor(draw('priority') * 10),
    times: draw('twice') < 0.15 ? 2 : 1,
    otherAfterMs: draw('other body') < 0.06 ? draw('other body after') * 90 * MINUTE_MS : undefined,
    againAfterMs: draw('again') < 0.25 ? draw('again after') ** 2 * 240 * MINUTE_MS : undefined,
    cancel: cancels
      ? {
          when,
          afterMs:
            when === 'after-accepted'
              ? draw('after') ** 2 * 60 * MINUTE_MS
              : draw('after') ** 2 * (when === 'at-decision' ? 2_000 : 20_000),
          by: draw('by') < 0.8 ? 'owner' : 'approver',
        }
      : undefined,
    decideAfterMs: draw('forgets') < 0.15 ? undefined : draw('decides') ** 2 * 60 * MINUTE_MS,
    decision: draw('rejects') < 0.2 ? 'reject' : 'approve',
    eraseAfterMs: draw('erases') < 0.2 ? draw('erases after') ** 2 * 60 * MINUTE_MS : undefined,
  };
}

const pick = <T>(items: readonly T[], chance: number): T => items[Math.floor(chance * items.length)] as T;
