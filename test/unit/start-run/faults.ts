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

/** What becomes of one call, or of the process at that call. */
export type Mode = 'refused' | 'lost before' | 'lost after' | 'cut off before' | 'cut off after';
export const MODES: readonly Mode[] = [
  'refused',
  'lost before',
  'lost after',
  'cut off before',
  'cut off after',
];

/** The process is gone: no later call has an effect. */
export class CutOff extends Error {}

/** The `at`-th call, from 0, goes wrong; `hit` names it. */
export class FaultAt implements Fault {
  hit: string | undefined;
  readonly #at: number;
  readonly #mode: Mode;
  #calls = -1;
  #isGone = false;

  constructor(at: number, mode: Mode) {
    this.#at = at;
    this.#mode = mode;
  }

  before(call: string): void {
    if (this.#isGone) throw new CutOff('gone');
    this.#calls += 1;
    if (this.#calls !== this.#at) return;
    this.hit = call;
    if (this.#mode === 'refused') throw new TransientError(`${call} is refused`);
    if (this.#mode === 'lost before') throw new Lost(`${call} is lost`);
    if (this.#mode === 'cut off before') this.#cutOff();
  }

  after(call: string): void {
    if (this.hit !== call || this.#calls < this.#at) return;
    if (this.#mode === 'lost after') {
      this.hit = `${call}, done`;
      throw new Lost(`the answer to ${call} is lost`);
    }
    if (this.#mode === 'cut off after') this.#cutOff();
  }

  #cutOff(): never {
    this.#isGone = true;
    throw new CutOff('gone');
  }
}

/** Does something else at the `at`-th call, before it. */
export class InterruptAt implements Fault {
  hit: string | undefined;
  readonly #at: number;
  readonly #interrupt: () => Promise<void>;
  #calls = -1;

  constructor(at: number, interrupt: () => Promise<void>) {
    this.#at = at;
    this.#interrupt = interrupt;
  }

  async before(call: string): Promise<void> {
    this.#calls += 1;
    if (this.#calls !== this.#at) return;
    this.hit = call;
    await this.#interrupt();
  }

  after(): void {}
}
