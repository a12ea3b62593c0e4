// The fixture of the dispatch's tests: stores and a job runner in memory, in virtual time, with faults at each call.
import assert from 'node:assert/strict';
import { pino } from 'pino';
import { dispatch } from '../../../functions/start-run/dispatch/dispatch.ts';
import { newRecall, type DispatchPorts } from '../../../functions/start-run/dispatch/ports.ts';
import { acceptedObject } from '../../../shared/api/audit.ts';
import { TransientError } from '../../../shared/errors.ts';
import type { AttemptKey, JobRunner } from '../../../shared/executions/runner.ts';
import { toJson } from '../../../shared/objects/json.ts';
import { MemoryStore } from '../../../shared/objects/memory.ts';
import type { ObjectStore } from '../../../shared/objects/store.ts';
import type { RequestsPipeline } from '../../../shared/pipelines/pipeline.ts';
import type { Requests } from '../../../shared/pipelines/requests.ts';
import type { RunEnded } from '../../../shared/requests/announcement.ts';
import { newestDecision } from '../../../shared/requests/decisions.ts';
import type { DispatchState } from '../../../shared/requests/dispatch.ts';
import { queueEntry, type EntryMetadata, type QueueEntry } from '../../../shared/requests/entry.ts';
import { ownerHash, queueObject, requestedRunOf } from '../../../shared/requests/names.ts';
import { decideOnce } from '../../../shared/runs/decision.ts';
import { manifestObject, outcomeObject } from '../../../shared/runs/names.ts';
import { readOutcome, recordOutcome, type RunOutcome } from '../../../shared/runs/outcome.ts';
import { CutOff, faulty, NO_FAULT, type Fault } from './faults.ts';
import { MemoryJobs } from './memory-jobs.ts';

export const PIPELINE = 'what-if';
export const MINUTE_MS = 60_000;

export interface Asked {
  readonly owner?: string;
  readonly key?: string;
  readonly cost?: number;
  readonly priority?: number;
  readonly approval?: 'none' | 'before-start';
  readonly expiresInMs?: number;
}

export class DispatchPlace {
  readonly runs = new MemoryStore('runs');
  readonly requests = new MemoryStore('requests');
  readonly results = new MemoryStore('results');
  readonly audit = new MemoryStore('audit');
  readonly jobs: MemoryJobs;
  readonly announced: RunEnded[] = [];
  readonly asked: string[] = [];
  /** What must never happen. An error thrown at the place itself would count as a failed call. */
  readonly violations: string[] = [];
  /** What was logged, line by line. */
  readonly lines: Readonly<Record<string, unknown>>[] = [];
  readonly #log = pino(
    { level: 'info' },
    { write: (line: string) => void this.lines.push(JSON.parse(line) as Record<string, unknown>) },
  );
  nowMs = Date.UTC(2026, 10, 27, 3);
  readonly pipeline: RequestsPipeline;
  #ids = 0;

  constructor(trigger: Partial<Requests> = {}, attempts = 2) {
    this.jobs = new MemoryJobs(() => this.nowMs);
    this.pipeline = {
      name: PIPELINE,
      trigger: {
        kind: 'requests',
        parameters: undefined as never,
        presets: {},
        units: () => 1,
        concurrency: 2,
        approval: 'none',
        expiresAfter: 24 * 60 * MINUTE_MS,
        waitingPerOwner: 100,
        spending: { perOwner: 100, inAll: 1000 },
        ...trigger,
      },
      job: { image: 'sample', cpu: 1, memory: '512Mi', timeout: 10 * MINUTE_MS, attempts },
      outputs: [],
    };
    this.jobs.onStart = (key) => this.#checkConcurrency(key);
  }

  ports(fault: Fault = NO_FAULT): DispatchPorts {
    return {
      runs: faulty<ObjectStore>(this.runs, 'runs', fault),
      requests: faulty<ObjectStore>(this.#guardedQueue(), 'requests', fault),
      results: faulty<ObjectStore>(this.results, 'results', fault),
      audit: faulty<ObjectStore>(this.audit, 'audit', fault),
      jobs: faulty<JobRunner>(this.jobs, 'jobs', fault),
      runEnded: faulty(
        { publish: async (ended: RunEnded) => void this.announced.push(ended) },
        'run-ended',
        fault,
      ),
      now: () => this.nowMs,
      newId: () => `id-${++this.#ids}`,
      log: this.#log,
      recall: newRecall(),
    };
  }

  dispatch(fault: Fault = NO_FAULT, hint = this.asked[0] ?? ''): Promise<void> {
    return dispatch(this.pipeline, hint, this.ports(fault));
  }

  /** Accepts a request as the front door does, and returns its run. */
  async ask(asked: Asked = {}): Promise<string> {
    const { owner = 'ada', key = `key-${this.asked.length}`, cost = 1, priority = 5 } = asked;
    const { approval = 'none', expiresInMs = 24 * 60 * MINUTE_MS } = asked;
    const requester = {
      issuer: 'https://accounts.google.com',
      subject: owner,
      email: `${owner}@example.org`,
    };
    const run = requestedRunOf(requester, PIPELINE, key);
    const acceptedAt = new Date(this.nowMs + this.asked.length).toISOString();
    const expiresAt = new Date(this.nowMs + expiresInMs).toISOString();
    const bodyHash = 'a'.repeat(64);
    const entry: QueueEntry = {
      record: {
        ...{ pipeline: PIPELINE, run, requester, acceptedAt, expiresAt, bodyHash },
        ...{ preset: null, priority, maxCost: null, units: 1, approval },
        estimate: {
          ...{ low: cost, expected: cost, high: cost, currency: 'USD', hash: '0'.repeat(16) },
          basis: { runs: 0, from: null, to: null, prices: '2026-11-21' },
        },
      },
      parameters: { openings: [key] },
    };
    const metadata: Record<keyof EntryMetadata, string> = {
      ...{ cost: String(cost), priority: String(priority), approval, 'body-hash': bodyHash },
      ...{ 'accepted-at': acceptedAt, 'expires-at': expiresAt },
    };
    await this.requests.create(queueObject(PIPELINE, run), toJson(entry), 'application/json', metadata);
    this.asked.push(run);
    return run;
  }

  /** The job of each execution that runs does its work: `fails` names attempts that end without an output. */
  async work(fails: (key: AttemptKey) => boolean = () => false): Promise<void> {
    this.nowMs += MINUTE_MS;
    for (const { name, key } of this.jobs.running()) {
      if (key === undefined) continue;
      const failed = fails(key);
      if (!failed) await this.write(key);
      this.jobs.end(name, failed ? 'failed' : 'succeeded');
    }
  }

  /** The attempt's manifest, as its job writes it. */
  async write({ run, attempt }: Pick<AttemptKey, 'run' | 'attempt'>): Promise<void> {
    await this.results.create(manifestObject(PIPELINE, run, attempt), '{}', 'application/json');
  }

  /** Publishes every output whose (run, attempt) is in a slot, as publish-output does. */
  async publish(fault: Fault = NO_FAULT): Promise<void> {
    const { runs } = this.ports(fault);
    for (const { run, attempt } of (await this.state())?.slots ?? []) {
      if ((await this.results.info(manifestObject(PIPELINE, run, attempt))) === undefined) continue;
      const at = new Date(this.nowMs).toISOString();
      const decided = await decideOnce(runs, PIPELINE, run, { kind: 'publish', attempt, at });
      if (decided.kind !== 'publish') continue;
      const common = { pipeline: PIPELINE, run, code: null, reason: 'Published.', rows: null };
      await recordOutcome(runs, { ...common, outcome: 'published', attempt, at });
    }
  }

  /** A dispatch whose failure another delivery would repeat. */
  async attempt(fault: Fault = NO_FAULT): Promise<void> {
    await this.dispatch(fault).catch((error: unknown) => {
      if (!(error instanceof TransientError || error instanceof CutOff)) throw error;
    });
  }

  /** Dispatches, works and publishes until nothing is left, a bounded number of times. */
  async finish(fails: (key: AttemptKey) => boolean = () => false): Promise<void> {
    for (let turn = 0; turn < 40; turn++) {
      await this.attempt();
      assert.deepEqual(this.violations, []);
      if (await this.isIdle()) return;
      await this.work(fails);
      await this.publish();
      this.nowMs += 2 * MINUTE_MS;
    }
    assert.fail(`not idle: ${JSON.stringify(await this.state())}, ${JSON.stringify(await this.queue())}`);
  }

  state(): Promise<DispatchState | undefined> {
    return newestDecision(this.requests, PIPELINE);
  }

  async queue(): Promise<readonly string[]> {
    return (await this.requests.list('queue/', 1000)).map(({ name }) => name);
  }

  async isIdle(): Promise<boolean> {
    return ((await this.state())?.slots.length ?? 0) === 0 && (await this.queue()).length === 0;
  }

  outcome(run: string): Promise<RunOutcome | undefined> {
    return readOutcome(this.runs, PIPELINE, run);
  }

  /** An entry is deleted only after its run's outcome and its audit record stand. */
  #guardedQueue(): ObjectStore {
    const { runs, requests, audit, violations } = this;
    return new Proxy<ObjectStore>(this.requests, {
      get(target, method) {
        const own: unknown = Reflect.get(target, method);
        if (typeof own !== 'function') return own;
        return (...given: unknown[]): unknown => {
          const name = String(given[0]);
          if (method === 'remove' && name.startsWith('queue/')) {
            const run = name.split('/').at(-1) ?? '';
            if (runs.stored(outcomeObject(PIPELINE, run)) === undefined)
              violations.push(`${name} is deleted before its outcome`);
            const entry = queueEntry.safeParse(JSON.parse(String(requests.stored(name)?.content ?? '{}')));
            if (entry.success && audit.stored(acceptedObject(entry.data.record)) === undefined)
              violations.push(`${name} is deleted before its audit record`);
          }
          return own.apply(target, given);
        };
      },
    });
  }

  /** Counted by (run, attempt): a container that a lost answer started a second time is not counted twice. */
  #checkConcurrency({ run, attempt }: AttemptKey): void {
    const keys = this.jobs.running().map(({ key }) => `${key?.run} ${key?.attempt}`);
    const running = new Set([...keys, `${run} ${attempt}`]);
    if (running.size > this.pipeline.trigger.concurrency)
      this.violations.push(`${running.size} runs at once: ${[...running].join(', ')}`);
  }
}

export const ownerOfSubject = (subject: string): string =>
  ownerHash({ issuer: 'https://accounts.google.com', subject });
