// Reads what is known of a job: one listing of its run's folder, and each write-once object at most once.
import type { z } from 'zod';
import { readJson } from '../objects/json.ts';
import type { ObjectInfo, ObjectStore } from '../objects/store.ts';
import { queueEntry, requestRecord, type RequestRecord } from '../requests/entry.ts';
import { approvalGate, startGate, type ApprovalGate, type StartGate } from '../requests/gates.ts';
import { approvalObject, queueObject, startObject } from '../requests/names.ts';
import { readRefusal } from '../requests/refusal.ts';
import { decision, type Decision } from '../runs/decision.ts';
import { decisionObject, outcomeObject, replayPrefix, requestObject } from '../runs/names.ts';
import { runOutcome, type RunOutcome } from '../runs/outcome.ts';

export interface JobObjects {
  readonly pipeline: string;
  readonly run: string;
  readonly record: RequestRecord;
  readonly approval: ApprovalGate | undefined;
  readonly start: StartGate | undefined;
  /** When each execution was started, the first one first. */
  readonly startedAtMs: readonly number[];
  readonly decision: Decision | undefined;
  readonly outcome: RunOutcome | undefined;
  /** Why the job could not use its parameters. It quotes them; undefined also where the reader may not read it. */
  readonly refusal?: string | undefined;
  /** The release that published the result of a held run. */
  readonly released: RunOutcome | undefined;
}

export interface JobStores {
  readonly runs: ObjectStore;
  readonly requests: ObjectStore;
  /** Where a reader shows what a job wrote of its refusal. */
  readonly results?: ObjectStore;
}

/** A run has a few objects, and those of the input that it copies. */
const MOST_OBJECTS = 1000;
/** Of all jobs of one instance; about a kilobyte each. */
const MOST_KEPT = 5000;

const STARTED = /\/execution-(\d+)-started\.json$/;

/**
 * A poll of a job costs one call, the listing: objects of a run are written once (law 2), so what was read stays true.
 *
 *     outcome? queue entry? outcome again ▸ a poll may fall between the outcome and the deletion of the entry
 */
export class JobReader {
  readonly #stores: JobStores;
  readonly #kept = new Map<string, unknown>();

  constructor(stores: JobStores) {
    this.#stores = stores;
  }

  /** Undefined: there is no such job. */
  async read(pipeline: string, run: string): Promise<JobObjects | undefined> {
    const listed = await this.#listed(pipeline, run);
    if (listed.has(requestObject(pipeline, run))) return this.#fromFolder(pipeline, run, listed);
    const record = await this.#waiting(pipeline, run);
    if (record !== undefined) return this.#withRecord(pipeline, run, listed, record);
    const again = await this.#listed(pipeline, run);
    return again.has(requestObject(pipeline, run)) ? this.#fromFolder(pipeline, run, again) : undefined;
  }

  async #listed(pipeline: string, run: string): Promise<ReadonlyMap<string, ObjectInfo>> {
    const infos = await this.#stores.runs.list(`${pipeline}/${run}/`, MOST_OBJECTS);
    return new Map(infos.map((info) => [info.name, info]));
  }

  async #fromFolder(pipeline: string, run: string, listed: ReadonlyMap<string, ObjectInfo>) {
    const record = await this.#once(requestObject(pipeline, run), requestRecord);
    return record === undefined ? undefined : this.#withRecord(pipeline, run, listed, record);
  }

  /** The entry of the queue. It is deleted only after the outcome stands, so one that was seen once is still true. */
  async #waiting(pipeline: string, run: string): Promise<RequestRecord | undefined> {
    const name = queueObject(pipeline, run);
    const known = this.#kept.get(name) as RequestRecord | undefined;
    if (known !== undefined) return known;
    const stored = await readJson(this.#stores.requests, name, queueEntry);
    if (stored === undefined) return undefined;
    this.#keep(name, stored.value.record);
    return stored.value.record;
  }

  async #withRecord(
    pipeline: string,
    run: string,
    listed: ReadonlyMap<string, ObjectInfo>,
    record: RequestRecord,
  ): Promise<JobObjects> {
    const given = <T>(name: string, schema: z.ZodType<T>): Promise<T | undefined> =>
      listed.has(name) ? this.#once(name, schema) : Promise.resolve(undefined);
    const [approval, start, decided, outcome] = await Promise.all([
      given(approvalObject(pipeline, run), approvalGate),
      given(startObject(pipeline, run), startGate),
      given(decisionObject(pipeline, run), decision),
      given(outcomeObject(pipeline, run), runOutcome),
    ]);
    const startedAtMs = [...listed.values()]
      .filter(({ name }) => STARTED.test(name))
      .map(({ createdAtMs }) => createdAtMs)
      .sort((one, other) => one - other);
    const released =
      outcome?.outcome === 'held' ? await this.#released(replayPrefix(pipeline, run), listed) : undefined;
    const refusal = outcome?.code === 'INPUT_REFUSED' ? await this.#refusal(outcome) : undefined;
    return {
      ...{ pipeline, run, record, approval, start, startedAtMs, decision: decided, outcome, released },
      ...(refusal === undefined ? {} : { refusal }),
    };
  }

  /** Read each time: its requester may erase it. */
  async #refusal({ pipeline, run, attempt }: RunOutcome): Promise<string | undefined> {
    const { results } = this.#stores;
    return results && (await readRefusal(results, pipeline, run, attempt))?.reason;
  }

  /** As `readReleased`, from the listing: the first release that published the result. */
  async #released(prefix: string, listed: ReadonlyMap<string, ObjectInfo>): Promise<RunOutcome | undefined> {
    for (const name of [...listed.keys()].filter((each) => each.startsWith(prefix)).sort()) {
      const record = await this.#once(name, runOutcome);
      if (record?.outcome === 'published') return record;
    }
    return undefined;
  }

  async #once<T>(name: string, schema: z.ZodType<T>): Promise<T | undefined> {
    const known = this.#kept.get(name) as T | undefined;
    if (known !== undefined) return known;
    const stored = await readJson(this.#stores.runs, name, schema);
    if (stored !== undefined) this.#keep(name, stored.value);
    return stored?.value;
  }

  #keep(name: string, value: unknown): void {
    const [oldest] = this.#kept.keys();
    if (this.#kept.size >= MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    this.#kept.set(name, value);
  }
}
