// The function instances at work: each is born for one call, and ends with it, with its time, or by force.
import type { Instance, Wire } from './wire.ts';

const FUNCTION_TIMEOUT_MS = 540_000;
/** Of the instances that are born while a clock is off. */
const SHARE_WITH_WRONG_CLOCK = 0.6;

interface Jump {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly skewMs: number;
}

export class Instances {
  readonly live = new Set<Instance>();
  /** When the clocks of some functions were off. */
  readonly jumps: Jump[] = [];
  readonly #wire: Wire;
  readonly #counts = new Map<string, number>();

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  /** A name that tells one from the next: `start-run run 3 #2`. */
  numbered(label: string): string {
    const count = (this.#counts.get(label) ?? 0) + 1;
    this.#counts.set(label, count);
    return `${label} #${count}`;
  }

  birth(name: string, subject: string): Instance {
    const { clock, decisions } = this.#wire;
    const full = this.numbered(`${name} ${subject}`);
    const isOff = decisions.draw(`${full} clock`) < SHARE_WITH_WRONG_CLOCK;
    const instance = this.#wire.instance(full, isOff ? this.#skewAt(clock.now()) : 0);
    this.live.add(instance);
    clock.at(clock.now() + FUNCTION_TIMEOUT_MS, () => {
      if (this.live.delete(instance)) this.#wire.kill(instance, 'the function timed out');
    });
    return instance;
  }

  /** Runs a story to its end; rejects when it throws, or when its instance dies. */
  async run(instance: Instance, story: () => Promise<void>): Promise<void> {
    const dead = new Promise<never>((_, reject) => {
      instance.onDeath = () => reject(new Error(instance.cause));
    });
    try {
      await Promise.race([story(), dead]);
    } finally {
      this.live.delete(instance);
    }
  }

  #skewAt(ms: number): number {
    return this.jumps.find(({ fromMs, untilMs }) => fromMs <= ms && ms < untilMs)?.skewMs ?? 0;
  }
}
