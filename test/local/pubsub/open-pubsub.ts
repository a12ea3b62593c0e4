// What the tests of Pub/Sub stand on: the noun in virtual time, with a scripted endpoint.
import { VirtualClock } from '../../../local/clock.ts';
import { countedIds } from '../../../local/ids.ts';
import type { UseKey } from '../../../local/iam/keys.ts';
import {
  type Interference,
  type MayForward,
  type MintIdToken,
  type Post,
  PubSub,
} from '../../../local/pubsub/pubsub.ts';
import { memoryState, type State } from '../../../local/state/state.ts';

export type Push = Parameters<Post>[0];

/** What the endpoint answers to a push: a status, or `silent` for no answer at all. */
export type Answer = number | 'silent' | 'broken';

export const TOPIC = 'projects/p/topics/run-requested';
export const SUBSCRIPTION = 'projects/p/subscriptions/start-run';
export const ENDPOINT = 'http://127.0.0.1:9/';

export interface LocalPubSub {
  readonly clock: VirtualClock;
  readonly state: State;
  readonly pubsub: PubSub;
  /** Every push so far, with the virtual time at which it began. */
  readonly pushes: (Push & { atMs: number })[];
  /** Moves time on, in steps small enough for each answer to be settled when it came. */
  pass(ms: number, stepMs?: number): Promise<void>;
}

export function openPubSub(
  answer: (push: Push, count: number) => Answer | Promise<Answer> = () => 204,
  o: {
    interference?: Interference;
    mayForward?: MayForward;
    mintIdToken?: MintIdToken;
    useKey?: UseKey;
    chance?: () => number;
    state?: State;
    clock?: VirtualClock;
  } = {},
): LocalPubSub {
  const clock = o.clock ?? new VirtualClock();
  const state = o.state ?? memoryState();
  const pushes: (Push & { atMs: number })[] = [];
  const pubsub = new PubSub({
    state,
    clock,
    newId: countedIds(),
    chance: o.chance ?? (() => 0),
    async post(push) {
      pushes.push({ ...push, atMs: clock.now() });
      const given = await answer(push, pushes.length);
      if (given === 'broken') throw new Error('connection reset');
      if (given === 'silent') return new Promise<number>(() => {});
      return given;
    },
    mintIdToken: o.mintIdToken ?? (async (email, audience) => `token-of-${email}-for-${audience}`),
    ...(o.interference && { interference: o.interference }),
    ...(o.mayForward && { mayForward: o.mayForward }),
    ...(o.useKey && { useKey: o.useKey }),
  });
  return {
    clock,
    state,
    pubsub,
    pushes,
    async pass(ms, stepMs = ms) {
      await settled();
      for (let passedMs = 0; passedMs < ms; passedMs += stepMs) {
        clock.advance(stepMs);
        await settled();
      }
    },
  };
}

/** Runs everything that waits on promises alone to its end. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

export const text = (value: string) => Buffer.from(value).toString('base64');

/** The waits between pushes, in milliseconds. */
export const gapsMs = (pushes: readonly { atMs: number }[]) =>
  pushes.slice(1).map((push, index) => push.atMs - (pushes[index]?.atMs ?? 0));
