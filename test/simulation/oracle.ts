// What must hold: watched at every instant, and asked of what is durable at rest. It knows only what it saw.
import { createHash } from 'node:crypto';
import type { ExecutionRecord } from '../../local/run/records.ts';
import type { AttemptKey } from '../../shared/executions/runner.ts';
import type { ModelRollback } from '../../shared/runs/model-rollback.ts';
import { isRunId, sequenceOf } from '../../shared/runs/names.ts';
import { tablesOf } from '../../shared/pipelines/outputs.ts';
import { pipeline, rowsOf, troublesOf, wapeOf } from './content.ts';
import { ExportsOracle } from './exports.ts';
import { RetentionOracle } from './retention.ts';
import type { Accepted, Recorded, Watched } from './watched.ts';
import type { Line } from './tables.ts';
import type { Instance } from './wire.ts';

export interface Violation {
  /** The law that was broken, by the short name that a shrunken trace keeps. */
  readonly law: string;
  readonly detail: string;
  readonly atMs: number;
}

export interface Asked {
  readonly run: string;
  readonly nonce: string;
  readonly allowOlder: boolean;
  readonly atMs: number;
  /** It is no replay: the champion is pinned, or no longer. */
  readonly isPin: boolean;
  /** It is no replay: an earlier champion becomes current again. */
  readonly modelRollback?: ModelRollback;
}

const PATIENCE_MS = 90_000;
/** A function that read the lease lives no longer than this. */
const LONGEST_STORY_MS = 10 * 60_000;
const LONGEST_RUN_MS = pipeline.job.timeout + 2 * 60_000;

export class Oracle {
  violation: Violation | undefined;
  readonly accepted = new Map<string, Accepted>();
  readonly outcomes = new Map<string, Recorded>();
  readonly replays = new Map<string, Recorded>();
  readonly asked = new Map<string, Asked>();
  readonly poison: string[] = [];
  readonly refused = new Map<string, string[]>();
  readonly cancelled = new Set<string>();
  readonly exports: ExportsOracle;
  readonly retention: RetentionOracle;
  readonly #mesh: Watched;
  readonly #forced = new Set<string>();
  readonly #intents = new Map<string, number>();
  readonly #leases: { readonly holder: string; readonly atMs: number }[] = [];
  #ledgerSeen = 0;

  constructor(mesh: Watched) {
    this.#mesh = mesh;
    this.exports = new ExportsOracle(mesh, this);
    this.retention = new RetentionOracle(mesh, this);
  }

  fail(law: string, detail: string): void {
    this.violation ??= { law, detail, atMs: this.#now() };
  }

  acceptedRuns(): readonly string[] {
    return [...this.accepted.keys()];
  }

  ledger(): readonly Line[] {
    return this.#mesh.cloud.warehouse.tables.rows('simulation.sluice.publications');
  }

  isPoison(data: string): boolean {
    return this.poison.includes(data);
  }

  onReplayAsked(run: string, nonce: string | undefined, allowOlder: boolean, messageId: string): void {
    const named = nonce ?? createHash('sha256').update(messageId).digest('hex').slice(0, 16);
    this.asked.set(`${run} ${named}`, { run, nonce: named, allowOlder, atMs: this.#now(), isPin: false });
  }

  /** It changes no rows and no files, so that it may follow any entry. */
  onPinAsked(run: string, nonce: string): void {
    this.asked.set(`${run} ${nonce}`, { run, nonce, allowOlder: true, atMs: this.#now(), isPin: true });
  }

  /** The same: it follows any entry. */
  onModelRollbackAsked(run: string, nonce: string, modelRollback: ModelRollback): void {
    const asked = { run, nonce, allowOlder: true, atMs: this.#now(), isPin: false, modelRollback };
    this.asked.set(`${run} ${nonce}`, asked);
  }

  /** The rollback that an entry of this id stands for; undefined if it stands for anything else. */
  modelRollback(publication: string): ModelRollback | undefined {
    return this.#askFor(publication)?.modelRollback;
  }

  #askFor(publication: string): Asked | undefined {
    return [...this.asked.values()].find(({ run, nonce }) => publication.endsWith(`${run}-replay-${nonce}`));
  }

  /** A person who forces a run gets one that the pipeline state has held in their name. */
  onForced(nonce: string, run: string): void {
    if (!this.#forced.has(`${run} ${nonce}`))
      this.fail('a forced run was lost', `${nonce} was told of ${run}`);
  }

  onCancelledByHand({ spec }: ExecutionRecord): void {
    this.cancelled.add(String(spec.env.RUN_ID));
  }

  onPoison(text: string): void {
    this.poison.push(Buffer.from(text).toString('base64'));
  }

  onRefused(data: string, reason: string): void {
    this.refused.set(data, [...(this.refused.get(data) ?? []), reason]);
  }

  onWritten(bucket: string, name: string, text: string | undefined): void {
    if (bucket === 'exports') this.exports.onWritten(name, text);
    if (bucket !== 'runs') return;
    const [, run = '', object = ''] = name.split('/');
    const atMs = this.#now();
    if (run === 'lease.json') this.#onLease(text);
    else if (text === undefined) this.fail('a step object was deleted', name);
    else if (run === 'state.json') this.#onHead(text);
    else if (object === 'outcome.json') this.outcomes.set(run, { ...(JSON.parse(text) as Recorded), atMs });
    else if (object.startsWith('replay-')) {
      const nonce = object.slice('replay-'.length, -'.json'.length);
      this.replays.set(`${run} ${nonce}`, { ...(JSON.parse(text) as Recorded), atMs });
    } else if (/^execution-\d+\.json$/.test(object)) {
      this.#intents.set(`${run} ${object.slice('execution-'.length, -'.json'.length)}`, atMs);
    }
  }

  #onHead(text: string): void {
    const { request } = JSON.parse(text) as { request: HeadRequest | null };
    if (request === null) return;
    this.#forced.add(`${request.run} ${request.nonce}`);
    if (this.accepted.has(request.run)) return;
    const files = request.snapshot.map(({ role, name, id, content }) => ({
      role,
      name,
      text: this.#mesh.cloud.folder.textOf(id, content as never) ?? 'never seen',
    }));
    this.accepted.set(request.run, { run: request.run, atMs: this.#now(), files });
  }

  #onLease(text: string | undefined): void {
    const lease = text === undefined ? undefined : (JSON.parse(text) as { holder: AttemptKey });
    const holder = lease === undefined ? 'no run' : `${lease.holder.run} ${lease.holder.attempt}`;
    this.#leases.push({ holder, atMs: this.#now() });
  }

  /** Law 1 and law 3: nothing is started for a run that has something which may still succeed. */
  onStart(key: AttemptKey, by: Instance): void {
    const { cloud } = this.#mesh;
    const nowMs = this.#now();
    const skewed = by.skewMs !== 0 || this.#wasSkewedSince(nowMs - 4 * LONGEST_RUN_MS);
    for (const record of cloud.executions.all()) {
      const other = { run: String(record.spec.env.RUN_ID), attempt: Number(record.spec.env.ATTEMPT) };
      const both = `${key.run} attempt ${key.attempt} beside ${other.run} attempt ${other.attempt}`;
      if (other.run !== key.run) {
        const open = record.state === 'running' && !this.outcomes.has(other.run);
        if (open) this.fail('two runs at once', both);
        continue;
      }
      if (skewed || cloud.executions.twins.has(record.name)) continue;
      if (record.state === 'failed' || record.state === 'cancelled') continue;
      if (other.attempt === key.attempt) {
        const intentAtMs = this.#intents.get(`${key.run} ${key.attempt}`);
        const waited = intentAtMs === undefined ? 'no intent' : `${nowMs - intentAtMs} ms after the intent`;
        this.fail('a second execution', `${both} (${record.state}), ${waited}, patience ${PATIENCE_MS} ms`);
      } else if ((record.completedAtMs ?? nowMs) - (record.startedAtMs ?? nowMs) >= LONGEST_RUN_MS) {
        // It was given up, and rightly so; whatever it still brings is fenced off.
        continue;
      } else if (record.state === 'succeeded') {
        const written = cloud.storage.find(
          'results',
          `carmila/${key.run}/attempt-${other.attempt}/output.json`,
        );
        if (written !== undefined) this.fail('a second execution', `${both}, which has its output`);
      } else {
        this.fail('a second execution', `${both}, which is within its time`);
      }
    }
  }

  #wasSkewedSince(ms: number): boolean {
    return this.#mesh.instances.jumps.some(({ untilMs }) => untilMs > ms);
  }

  /** A reader's look at the tables, at every instant at which they change (law 6). */
  onVisible(): void {
    const ledger = this.ledger();
    const last = ledger.at(-1);
    for (const entry of ledger.slice(this.#ledgerSeen)) this.#onPublication(entry, ledger.indexOf(entry));
    this.#ledgerSeen = ledger.length;
    for (const target of tablesOf(this.#mesh.pipeline)) {
      const shown = this.#mesh.cloud.warehouse.tables
        .rows(`simulation.${target.table.dataset}.${target.table.table}`)
        .map((row) =>
          Object.keys(target.columns)
            .map((column) => row[column])
            .join(','),
        );
      const accepted = this.accepted.get(String(last?.run));
      const expected = accepted === undefined ? [] : rowsOf(target, accepted.files, Number(last?.attempt));
      if (shown.join('\n') === expected.join('\n')) continue;
      const found = `${shown.length} rows, first ${shown[0]}`;
      this.fail(
        'a reader observed other content',
        `${target.table.table} shows ${found}; expected ${expected[0]}, as run ${last?.run} of the ledger`,
      );
    }
  }

  #onPublication(entry: Line, index: number): void {
    const [id, run, attempt] = [String(entry.publication_id), String(entry.run), Number(entry.attempt)];
    const ledger = this.ledger();
    const before = ledger.slice(0, index);
    if (before.some((other) => other.publication_id === id)) this.fail('published twice', id);
    const ask = this.#askFor(id);
    const newest = Math.max(0, ...before.map(({ sequence }) => Number(sequence)));
    if (Number(entry.sequence) < newest && ask?.allowOlder !== true) {
      this.fail('an older run over a newer', `${id} over ${newest}`);
    }
    const accepted = this.accepted.get(run);
    if (accepted === undefined) return this.fail('published a run that was not accepted', id);
    this.exports.onPublication(entry, before);
    this.retention.onPublication(entry);
    if (entry.kind !== 'run') {
      if (ask === undefined) this.fail('a replay without a request', id);
      return;
    }
    if (before.some((other) => other.kind === 'run' && other.run === run)) this.fail('published twice', run);
    const unfit = troublesOf(accepted.files).find((trouble) => trouble !== 'worse');
    if (unfit !== undefined) this.fail('published an unfit output', `${id} is ${unfit}`);
    this.#checkGate(accepted, before);
    this.#checkLease(id, `${run} ${attempt}`);
  }

  /** The gate compares with the publication that stood when it was asked; a replay may come in between. */
  #checkGate({ run, files }: Accepted, before: readonly Line[]): void {
    if (tablesOf(this.#mesh.pipeline).length === 0) return;
    const sinceMs = this.#now() - LONGEST_STORY_MS;
    const comparable = before.filter((_, index) => {
      const next = before[index + 1];
      return next === undefined || Number(next.published_at) >= sinceMs;
    });
    const worse = (entry: Line) =>
      wapeOf(files) > 1.2 * Number((JSON.parse(String(entry.summary)) as { wape: number }).wape);
    if (comparable.length > 0 && comparable.every(worse)) this.fail('the gate let it through', run);
  }

  /** Law 5: the publisher held the lease a moment ago. */
  #checkLease(id: string, holder: string): void {
    const sinceMs = this.#now() - LONGEST_STORY_MS;
    const held = this.#leases.some((lease, index) => {
      const untilMs = this.#leases[index + 1]?.atMs ?? Number.MAX_SAFE_INTEGER;
      return lease.holder === holder && untilMs >= sinceMs;
    });
    if (!held) this.fail('published without the lease', `${id} by attempt ${holder}`);
  }

  #now(): number {
    return this.#mesh.clock.now();
  }
}

interface HeadRequest {
  readonly run: string;
  readonly nonce: string | null;
  readonly snapshot: readonly { role: string; name: string; id: string; content: unknown }[];
}

export const newestOf = (runs: readonly string[]): string | undefined =>
  runs.filter(isRunId).toSorted((a, b) => sequenceOf(b) - sequenceOf(a))[0];
