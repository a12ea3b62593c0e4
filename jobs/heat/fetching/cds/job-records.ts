// Which job of the Climate Data Store an attempt has submitted, so that the next one attaches to it.
import { z } from 'zod';
import { TransientError } from '../../../../shared/errors.ts';
import { toJson } from '../../../../shared/objects/json.ts';
import type { ObjectStore } from '../../../../shared/objects/store.ts';

/** Written before a submission: from here on it may have happened. */
const intent = z.object({ at: z.iso.datetime() });
const submitted = z.object({ job: z.string() });

const MOST_BYTES = 10_000;

export class JobRecords {
  readonly #store: ObjectStore;
  readonly #folder: string;

  constructor(store: ObjectStore, folder: string) {
    this.#store = store;
    this.#folder = folder;
  }

  /** The job of the n-th submission. */
  async jobOf(n: number): Promise<string | undefined> {
    const stored = await this.#store.readText(this.#name('job', n), MOST_BYTES);
    return stored && submitted.parse(JSON.parse(stored.text)).job;
  }

  /** Writes the intent to submit for the n-th time; answers the one that stands, and whether it is an earlier one. */
  async intend(n: number, at: string): Promise<{ readonly at: string; readonly isEarlier: boolean }> {
    const name = this.#name('intent', n);
    const answer = await this.#store.create(name, toJson({ at }), 'application/json');
    if (answer.kind === 'landed') return { at, isEarlier: false };
    const stored = await this.#store.readText(name, MOST_BYTES);
    if (stored === undefined) throw notWritten(this.#store, name);
    return { at: intent.parse(JSON.parse(stored.text)).at, isEarlier: true };
  }

  /** The first writer decides which job the submission is. */
  async record(n: number, job: string): Promise<string> {
    const name = this.#name('job', n);
    const answer = await this.#store.create(name, toJson({ job }), 'application/json');
    if (answer.kind === 'landed') return job;
    const stands = await this.jobOf(n);
    if (stands === undefined) throw notWritten(this.#store, name);
    return stands;
  }

  #name(kind: string, n: number): string {
    return `${this.#folder}${kind}-${n}.json`;
  }
}

const notWritten = ({ bucket }: ObjectStore, name: string): TransientError =>
  new TransientError(`gs://${bucket}/${name} was not written`, { code: 'WRITE_UNCONFIRMED' });
