// The dead letters as they were last read. Only Pub/Sub has them, and a reading leases each for a moment, so pages share one.
import type { DeadLetterList } from '../../../shared/dead-letters/list.ts';

export interface DeadLettersPorts {
  /** Asks handle-commands, with the assertion of the person who wants to see them. */
  readonly list: (assertion: string) => Promise<DeadLetterList>;
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
}

/** A person who opens the screen sees what stands; a second look within seconds leases nothing again. */
const FRESH_MS = 5_000;
/** The page Now shows a number that is up to an hour old; the alert of Cloud Monitoring does not wait for it. */
const RECENT_MS = 60 * 60_000;
/** After a reading that failed, so that a page that polls does not ask each time. */
const PAUSE_MS = 10 * 60_000;
/** Now does not wait longer: what comes later is shown by the page after. */
const LONGEST_WAIT_MS = 1_000;

export class DeadLettersRead {
  readonly #ports: DeadLettersPorts;
  #kept: { readonly atMs: number; readonly list: DeadLetterList } | undefined;
  #reading: Promise<DeadLetterList> | undefined;
  #failedAtMs = -Infinity;

  constructor(ports: DeadLettersPorts) {
    this.#ports = ports;
  }

  /** As they stand. Throws what handle-commands answers. */
  async read(assertion: string): Promise<DeadLetterList> {
    if (this.#kept !== undefined && this.#ageMs(this.#kept.atMs) < FRESH_MS) return this.#kept.list;
    return this.#readAnew(assertion);
  }

  /** As they stood within the last hour; undefined where that is not known. Never throws. */
  async recent(assertion: string): Promise<DeadLetterList | undefined> {
    const isRecent = this.#kept !== undefined && this.#ageMs(this.#kept.atMs) < RECENT_MS;
    if (!isRecent && this.#ageMs(this.#failedAtMs) >= PAUSE_MS) {
      const read = this.#readAnew(assertion).catch(() => undefined);
      await Promise.race([read, this.#ports.wait(LONGEST_WAIT_MS)]);
    }
    return this.#kept?.list;
  }

  /** After a command: what was read does not stand any more. */
  forget(): void {
    this.#kept = undefined;
  }

  #ageMs(atMs: number): number {
    return this.#ports.now() - atMs;
  }

  /** One reading for all who ask meanwhile. */
  async #readAnew(assertion: string): Promise<DeadLetterList> {
    this.#reading ??= this.#ports.list(assertion).finally(() => (this.#reading = undefined));
    try {
      const list = await this.#reading;
      this.#kept = { atMs: this.#ports.now(), list };
      return list;
    } catch (error) {
      this.#failedAtMs = this.#ports.now();
      throw error;
    }
  }
}
