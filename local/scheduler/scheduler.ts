// Cloud Scheduler: fires HTTP requests by cron, at least once, with retries. A plain noun; routes.ts is its HTTP skin.
import type { CancelTimer, Clock } from '../clock.ts';
import { alreadyExists, notFound } from '../http/errors.ts';
import type { MintIdToken } from '../pubsub/pubsub.ts';
import type { State } from '../state/state.ts';
import { type Attempt, attempt, type Send } from './attempt.ts';
import { nextFiringMs } from './cron.ts';
import { type Job, type JobRequest, retryAtMs, settleJob } from './job.ts';
import { type Firing, Jobs, type ScheduledJob } from './jobs.ts';

export type { Send } from './attempt.ts';
export type { Job, JobRequest } from './job.ts';
export type { ScheduledJob } from './jobs.ts';

export class Scheduler {
  readonly #state: State;
  readonly #clock: Clock;
  readonly #send: Send;
  readonly #mintIdToken: MintIdToken;
  readonly #jobs: Jobs;
  readonly #inFlight = new Map<string, AbortController>();
  readonly #forced = new Set<AbortController>();
  #running = false;
  #cancelTimer: CancelTimer = () => {};

  constructor(o: { state: State; clock: Clock; send: Send; mintIdToken: MintIdToken }) {
    this.#state = o.state;
    this.#clock = o.clock;
    this.#send = o.send;
    this.#mintIdToken = o.mintIdToken;
    this.#jobs = new Jobs(o.state);
  }

  /** Fires what fell due while it was stopped (once for each job, however many ticks were missed), then on time. */
  start(): void {
    this.#running = true;
    this.#wake();
  }

  /** An attempt in flight is forgotten, and made again after the next start. */
  stop(): Promise<void> {
    this.#running = false;
    this.#cancelTimer();
    for (const abort of [...this.#inFlight.values(), ...this.#forced]) abort.abort();
    this.#inFlight.clear();
    this.#forced.clear();
    return Promise.resolve();
  }

  /** True when no attempt is in flight; a retry that waits for its time does not count. */
  idle(): boolean {
    return this.#inFlight.size === 0 && this.#forced.size === 0;
  }

  /** Makes the job, or updates its settings. An unchanged one keeps its next firing, also a missed one. */
  ensureJob(request: JobRequest): void {
    const job = settleJob(request);
    this.#state.transaction(() => {
      const found = this.#jobs.get(job.name);
      if (found === undefined) this.#jobs.put(this.#fresh(job));
      else this.#jobs.put(this.#changed(found, job));
    });
    this.#wake();
  }

  /** 409 when it exists. */
  createJob(request: JobRequest): ScheduledJob {
    const job = settleJob(request);
    if (this.#jobs.get(job.name) !== undefined) throw alreadyExists(`Job ${job.name} already exists.`);
    this.ensureJob(request);
    return this.job(job.name);
  }

  /** 404 when there is none. */
  job(name: string): ScheduledJob {
    const found = this.#jobs.get(name);
    if (found === undefined) throw notFound('Job not found.');
    return found;
  }

  jobs(location: string, after: string, limit: number): ScheduledJob[] {
    return this.#jobs.list(location, after, limit);
  }

  updateJob(name: string, changes: Partial<JobRequest>): ScheduledJob {
    this.ensureJob({ ...this.job(name).job, ...changes });
    return this.job(name);
  }

  deleteJob(name: string): void {
    this.job(name);
    this.#jobs.delete(name);
    this.#inFlight.get(name)?.abort();
    this.#inFlight.delete(name);
  }

  pause(name: string): ScheduledJob {
    this.#jobs.put({ ...this.job(name), paused: true, nextMs: undefined, firing: undefined });
    return this.job(name);
  }

  resume(name: string): ScheduledJob {
    const found = this.job(name);
    if (found.paused) this.#jobs.put({ ...found, paused: false, nextMs: this.#nextMs(found.job) });
    this.#wake();
    return this.job(name);
  }

  /**
   * Forces one attempt now, paused or not, without retries; gives its HTTP status, 0 when no answer came.
   * It carries the time of the next firing, as Google's may: who keys on that time alone loses that tick.
   */
  async run(name: string): Promise<{ status: number }> {
    const { job, nextMs } = this.job(name);
    const abort = new AbortController();
    this.#forced.add(abort);
    const attempted = await this.#attempt(job, nextMs ?? this.#clock.now(), abort);
    const found = this.#forced.delete(abort) ? this.#jobs.get(name) : undefined;
    if (found !== undefined) this.#jobs.put({ ...found, lastAttempt: attempted });
    return { status: attempted.status };
  }

  /** Looks for what is due soon: after the present transaction, which is synchronous, has committed. */
  #wake(): void {
    queueMicrotask(() => this.#turn());
  }

  #turn(): void {
    if (!this.#running) return;
    const nowMs = this.#clock.now();
    for (const found of this.#jobs.due(nowMs)) {
      // One attempt at a time: a tick that falls into an attempt waits for its end.
      if (!this.#inFlight.has(found.job.name)) void this.#fire(found, nowMs);
    }
    this.#cancelTimer();
    const nextMs = this.#jobs.nextDueMs(nowMs);
    this.#cancelTimer = nextMs === undefined ? () => {} : this.#clock.at(nextMs, () => this.#turn());
  }

  /** Never rejects. The firing is recorded before the request is made, so that a crash repeats it. */
  async #fire(found: ScheduledJob, nowMs: number): Promise<void> {
    const { job } = found;
    const abort = new AbortController();
    this.#inFlight.set(job.name, abort);
    const firing: Firing = found.firing ?? {
      scheduleMs: found.nextMs ?? nowMs,
      firstMs: nowMs,
      failures: 0,
      retryMs: nowMs,
    };
    const nextMs = found.firing === undefined ? this.#nextMs(job) : found.nextMs;
    this.#jobs.put({ ...found, nextMs, firing });
    const attempted = await this.#attempt(job, firing.scheduleMs, abort);
    if (this.#inFlight.get(job.name) !== abort) return;
    this.#inFlight.delete(job.name);
    this.#state.transaction(() => {
      const now = this.#jobs.get(job.name);
      if (now !== undefined)
        this.#jobs.put({ ...now, lastAttempt: attempted, firing: this.#after(now, attempted) });
    });
    this.#turn();
  }

  /** What is left of a firing after an attempt: a retry, or nothing. */
  #after({ job, firing }: ScheduledJob, attempted: Attempt): Firing | undefined {
    if (firing === undefined || attempted.succeeded) return undefined;
    const failures = firing.failures + 1;
    const retryMs = retryAtMs(job, failures, firing.firstMs, this.#clock.now());
    return retryMs === undefined ? undefined : { ...firing, failures, retryMs };
  }

  #attempt(job: Job, scheduleMs: number, abort: AbortController): Promise<Attempt> {
    return attempt({
      job,
      scheduleMs,
      clock: this.#clock,
      send: this.#send,
      mintIdToken: this.#mintIdToken,
      abort,
    });
  }

  #fresh(job: Job): ScheduledJob {
    const none = { firing: undefined, lastAttempt: undefined };
    return { job, paused: false, nextMs: this.#nextMs(job), updatedMs: this.#clock.now(), ...none };
  }

  #changed(found: ScheduledJob, job: Job): ScheduledJob {
    if (JSON.stringify(found.job) === JSON.stringify(job)) return found;
    const sameTimes = found.job.schedule === job.schedule && found.job.timeZone === job.timeZone;
    const nextMs = sameTimes || found.paused ? found.nextMs : this.#nextMs(job);
    return { ...found, job, nextMs, updatedMs: this.#clock.now() };
  }

  #nextMs(job: Job): number | undefined {
    return nextFiringMs(job.schedule, job.timeZone, this.#clock.now());
  }
}
