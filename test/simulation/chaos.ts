// A seeded chance, and a turnstile through which every external call of the simulated mesh must pass.
import { TransientError } from '../../shared/errors.ts';

/** Numbers in [0, 1) that a seed repeats (mulberry32). */
export function chanceFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One function instance at work; when it is killed, none of its calls ever comes back. */
export interface Instance {
  readonly name: string;
  killed: boolean;
}

export interface Rates {
  /** Of every call: the request is lost, the answer is lost, the instance dies before or after it. */
  readonly loseRequest: number;
  readonly loseAnswer: number;
  readonly kill: number;
}

/** Calls wait here; the simulation lets them through one at a time, in an order that the seed decides. */
export class Turnstile {
  readonly #chance: () => number;
  readonly #waiting: (() => Promise<void>)[] = [];
  rates: Rates;

  constructor(chance: () => number, rates: Rates) {
    this.#chance = chance;
    this.rates = rates;
  }

  get busy(): boolean {
    return this.#waiting.length > 0;
  }

  /** The call as the instance sees it: landed, failed, unknown, or never. */
  pass<T>(instance: Instance, call: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push(async () => {
        if (instance.killed) return;
        const fate = this.#chance();
        const { loseRequest, loseAnswer, kill } = this.rates;
        if (fate < kill / 2) {
          instance.killed = true;
        } else if (fate < kill) {
          await call().catch(() => undefined);
          instance.killed = true;
        } else if (fate < kill + loseRequest) {
          reject(new TransientError('the request was lost'));
        } else if (fate < kill + loseRequest + loseAnswer) {
          await call().catch(() => undefined);
          reject(new TransientError('the answer was lost'));
        } else {
          await call().then(resolve, reject);
        }
      });
    });
  }

  /** Lets one waiting call through, whichever the seed picks, and what follows from it up to the next calls. */
  async turn(): Promise<void> {
    const [next] = this.#waiting.splice(Math.floor(this.#chance() * this.#waiting.length), 1);
    await next?.();
    // Promises that the call settled run on until each has made its next call.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** The same port, with every asynchronous method behind the turnstile. */
export function behind<Port extends object>(turnstile: Turnstile, instance: Instance, port: Port): Port {
  return new Proxy(port, {
    get(target, key) {
      const member: unknown = Reflect.get(target, key, target);
      if (typeof member !== 'function') return member;
      const method = member.bind(target) as (...args: unknown[]) => Promise<unknown>;
      if (key === 'read' && 'list' in target && 'create' in target) return method;
      if (key === 'quoted') return method;
      return (...args: unknown[]) => turnstile.pass(instance, () => method(...args));
    },
  });
}
