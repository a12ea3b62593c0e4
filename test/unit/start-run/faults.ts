// Faults around each call to a port: it did not happen, it happened, or its answer is lost.
import { TransientError } from '../../../shared/errors.ts';

/** Called around every call to a port; it decides what becomes of the call. */
export interface Fault {
  /** What it throws is thrown in place of the call. */
  before(call: string): Promise<void> | void;
  /** What it throws is thrown after the call had its effect. */
  after(call: string): Promise<void> | void;
}

export const NO_FAULT: Fault = { before: () => undefined, after: () => undefined };

/** An answer that is lost: of a conditional write it is `unknown`, of any other call an error. */
export class Lost extends TransientError {}

const CONDITIONAL = new Set(['create', 'replace', 'remove', 'copyFrom', 'createFrom']);

/** The port with the fault around each of its methods. */
export function faulty<T extends object>(port: T, name: string, fault: Fault): T {
  return new Proxy(port, {
    get(target, method) {
      const own: unknown = Reflect.get(target, method);
      if (typeof own !== 'function' || typeof method !== 'string') return own;
      return async (...given: unknown[]) => {
        const call = `${name}.${method} ${String(given[0])}`;
        try {
          await fault.before(call);
          const answer: unknown = await own.apply(target, given);
          await fault.after(call);
          return answer;
        } catch (error) {
          if (error instanceof Lost && CONDITIONAL.has(method)) return { kind: 'unknown', cause: error };
          throw error;
        }
      };
    },
  });
}
