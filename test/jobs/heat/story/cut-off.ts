// Stores of a process that dies at one of its calls to Cloud Storage: from then on it gets no answer to any call.
import { Readable } from 'node:stream';
import type { Buckets } from './run-city.ts';

/** `before`: the call does not happen. `after`: it happens, and its answer is lost. */
export type Moment = 'before' | 'after';

export class Died extends Error {
  override readonly name = 'Died';
}

export interface CutOff {
  readonly buckets: Buckets;
  readonly calls: () => number;
}

/** `at` counts the calls of all buckets from 1. */
export function cutOffAt(buckets: Buckets, at: number, moment: Moment): CutOff {
  let calls = 0;
  const dying = <T extends object>(store: T): T =>
    new Proxy(store, {
      get(target, property) {
        const value: unknown = Reflect.get(target, property, target);
        if (typeof value !== 'function') return value;
        return (...values: readonly unknown[]): unknown => {
          calls++;
          const call = () => Reflect.apply(value as (...all: unknown[]) => unknown, target, values);
          if (calls < at) return call();
          if (calls > at || moment === 'before') {
            // What the dead process would have sent is read by no one.
            for (const sent of values) if (sent instanceof Readable) sent.on('error', () => {}).destroy();
            throw new Died(`at call ${calls}, ${String(property)}`);
          }
          const answer = call();
          if (!(answer instanceof Promise)) throw new Died(`at call ${calls}, ${String(property)}`);
          return answer.then(() => {
            throw new Died(`after call ${calls}, ${String(property)}`);
          });
        };
      },
    });
  return {
    buckets: { runs: dying(buckets.runs), results: dying(buckets.results), cache: dying(buckets.cache) },
    calls: () => calls,
  };
}

/** Stores of a process that nothing disturbs; `before` is called, and waited for, before each of its calls. */
export function everyCall(buckets: Buckets, before: () => Promise<void>): Buckets {
  const observed = <T extends object>(store: T): T =>
    new Proxy(store, {
      get(target, property) {
        const value: unknown = Reflect.get(target, property, target);
        if (typeof value !== 'function') return value;
        return (...values: readonly unknown[]): unknown => {
          const call = () => Reflect.apply(value as (...all: unknown[]) => unknown, target, values);
          // A stream is given at once, and reading changes nothing.
          return property === 'read' ? call() : before().then(call);
        };
      },
    });
  return { runs: observed(buckets.runs), results: observed(buckets.results), cache: observed(buckets.cache) };
}
