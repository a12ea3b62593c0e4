// The wire: every call of a function or of the job goes through here, and may be late, refused, lost or fatal.
import type { VirtualClock } from '../../local/clock.ts';
import { TransientError } from '../../shared/errors.ts';
import type { Decisions, Rates } from './decisions.ts';

/** One function instance, or one container, at work. A dead one hears no answer any more. */
export interface Instance {
  readonly name: string;
  dead: boolean;
  /** Why it died. */
  cause: string | undefined;
  calls: number;
  /** How far its clock is off, in milliseconds. */
  readonly skewMs: number;
  /** Called when it dies. */
  onDeath: (() => void) | undefined;
}

export type Fate =
  | 'dies-before'
  | 'dies-after'
  | 'dies-while-landing'
  | 'refused'
  | 'refused-for-long'
  | 'answer-lost'
  | 'answer-lost-for-good'
  | 'slow';

const RATES: Rates<Fate> = {
  'dies-before': 0.004,
  'dies-after': 0.006,
  'dies-while-landing': 0.002,
  refused: 0.008,
  'refused-for-long': 0.004,
  'answer-lost': 0.01,
  'answer-lost-for-good': 0.004,
  slow: 0.005,
};

/** Of an object that many swap and read: Cloud Storage slows down what changes more than once a second. */
const CONTENDED: Rates<Fate> = { ...RATES, slow: 0.06 };

const SHORTEST_MS = 5;
const USUAL_MS = 250;
/** No submission is under way for longer (shared/google/run.ts). */
export const LONGEST_MS = 58_000;
const PAUSE_BEFORE_RETRY_MS = 1000;

export interface Call<T> {
  readonly instance: Instance;
  /** The call in words, such as `runs.create carmila/state.json`. */
  readonly what: string;
  /** What it does at the other end. Called again when the client tries again. */
  readonly effect: () => T | Promise<T>;
  /** Whether the real client tries again by itself. */
  readonly retried: boolean;
  /** The adapter's answer where the request may have happened; without it, that is thrown. */
  readonly unknown?: (cause: Error) => T;
  /** Whether it is on an object that many swap and read. */
  readonly contended?: boolean;
}

export class Wire {
  readonly clock: VirtualClock;
  readonly decisions: Decisions;
  readonly trace: (line: string) => void;

  constructor(clock: VirtualClock, decisions: Decisions, trace: (line: string) => void) {
    this.clock = clock;
    this.decisions = decisions;
    this.trace = trace;
  }

  instance(name: string, skewMs: number): Instance {
    return { name, dead: false, cause: undefined, calls: 0, skewMs, onDeath: undefined };
  }

  /** The call as its caller sees it: an answer, a transient error, or nothing ever again. */
  async call<T>({ instance, what, effect, retried, unknown, contended = false }: Call<T>): Promise<T> {
    const key = `${instance.name}, call ${++instance.calls}: ${what}`;
    const fate = this.decisions.strike(key, contended ? CONTENDED : RATES);
    this.trace(fate === undefined ? key : `${key} [${fate}]`);
    await this.pause(instance, this.#latencyMs(key, fate));
    const lost = (why: string): Promise<T> => {
      const cause = new TransientError(`${what}: ${why}`);
      if (unknown === undefined) throw cause;
      return this.answer(instance, unknown(cause));
    };
    switch (fate) {
      case undefined:
      case 'slow':
        return this.answer(instance, await effect());
      case 'dies-before':
        return this.#die(instance, `killed before ${what}`);
      case 'dies-after':
        await settle(effect);
        return this.#die(instance, `killed after ${what}`);
      case 'dies-while-landing': {
        const landsInMs = this.decisions.draw(`${key} lands`) * LONGEST_MS;
        this.clock.at(this.clock.now() + landsInMs, () => void settle(effect));
        return this.#die(instance, `killed while ${what} was under way`);
      }
      case 'refused':
        if (!retried) return lost('503');
        await this.pause(instance, PAUSE_BEFORE_RETRY_MS);
        return this.answer(instance, await effect());
      case 'refused-for-long':
        await this.pause(instance, retried ? 16 * PAUSE_BEFORE_RETRY_MS : 0);
        throw new TransientError(`${what}: 429`);
      case 'answer-lost':
        await settle(effect);
        if (!retried) return lost('the connection was reset');
        await this.pause(instance, PAUSE_BEFORE_RETRY_MS);
        return this.answer(instance, await effect());
      case 'answer-lost-for-good':
        await settle(effect);
        return lost('the connection was reset');
    }
  }

  /** Virtual time passes for the instance; if it is dead by then, this never returns. */
  async pause(instance: Instance, ms: number): Promise<void> {
    await new Promise<void>((resolve) => this.clock.at(this.clock.now() + ms, resolve));
    if (instance.dead) await never();
  }

  /** An answer reaches the living only. */
  async answer<T>(instance: Instance, value: T): Promise<T> {
    if (instance.dead) await never();
    return value;
  }

  kill(instance: Instance, cause: string): void {
    if (instance.dead) return;
    instance.dead = true;
    instance.cause = cause;
    this.trace(`${instance.name}: ${cause}`);
    instance.onDeath?.();
  }

  async #die(instance: Instance, cause: string): Promise<never> {
    this.kill(instance, cause);
    return never();
  }

  #latencyMs(key: string, fate: Fate | undefined): number {
    const chance = this.decisions.draw(`${key} takes`);
    return fate === 'slow' ? chance * LONGEST_MS : SHORTEST_MS + chance * chance * USUAL_MS;
  }
}

/** A new promise each time: one for all would keep every dead instance, and so every seed, in memory. */
const never = (): Promise<never> => new Promise<never>(() => undefined);

async function settle(effect: () => unknown): Promise<void> {
  try {
    await effect();
  } catch {
    // The caller is dead: no one handles the error.
  }
}
