// The scheduled jobs and where each stands, kept in the state file so that they survive a restart.
import type { SQLOutputValue, StatementSync } from 'node:sqlite';
import type { State } from '../state/state.ts';
import type { Attempt } from './attempt.ts';
import type { Job } from './job.ts';

/** A firing under way: its schedule time stays the same over all its attempts. */
export interface Firing {
  readonly scheduleMs: number;
  /** When its first attempt began. */
  readonly firstMs: number;
  readonly failures: number;
  /** When the next attempt is due. */
  readonly retryMs: number;
}

export interface ScheduledJob {
  readonly job: Job;
  readonly paused: boolean;
  /** The next firing by the schedule. */
  readonly nextMs: number | undefined;
  readonly firing: Firing | undefined;
  readonly lastAttempt: Attempt | undefined;
  readonly updatedMs: number;
}

export class Jobs {
  readonly #put: StatementSync;
  readonly #get: StatementSync;
  readonly #list: StatementSync;
  readonly #due: StatementSync;
  readonly #nextDue: StatementSync;
  readonly #delete: StatementSync;

  constructor({ sql }: State) {
    sql.exec(`CREATE TABLE IF NOT EXISTS scheduler_jobs (
      name TEXT PRIMARY KEY, due_ms INTEGER, job TEXT NOT NULL) STRICT`);
    this.#put = sql.prepare('INSERT OR REPLACE INTO scheduler_jobs VALUES (?, ?, ?)');
    this.#get = sql.prepare('SELECT job FROM scheduler_jobs WHERE name = ?');
    this.#list = sql.prepare(
      'SELECT job FROM scheduler_jobs WHERE name > ? AND substr(name, 1, length(?)) = ? ORDER BY name LIMIT ?',
    );
    this.#due = sql.prepare('SELECT job FROM scheduler_jobs WHERE due_ms <= ? ORDER BY due_ms, name');
    this.#nextDue = sql.prepare('SELECT MIN(due_ms) AS due FROM scheduler_jobs WHERE due_ms > ?');
    this.#delete = sql.prepare('DELETE FROM scheduler_jobs WHERE name = ?');
  }

  put(scheduled: ScheduledJob): void {
    const dueMs = scheduled.firing?.retryMs ?? scheduled.nextMs ?? null;
    this.#put.run(scheduled.job.name, dueMs, JSON.stringify(scheduled));
  }

  get(name: string): ScheduledJob | undefined {
    const row = this.#get.get(name);
    return row && toScheduledJob(row);
  }

  /** Up to `limit` jobs of `projects/P/locations/L`, by name, after the name `after`. */
  list(location: string, after: string, limit: number): ScheduledJob[] {
    const start = `${location}/jobs/`;
    return this.#list.all(after, start, start, limit).map(toScheduledJob);
  }

  due(nowMs: number): ScheduledJob[] {
    return this.#due.all(nowMs).map(toScheduledJob);
  }

  /** When the next job falls due after `nowMs`. */
  nextDueMs(nowMs: number): number | undefined {
    return (this.#nextDue.get(nowMs)?.['due'] as number | null) ?? undefined;
  }

  delete(name: string): void {
    this.#delete.run(name);
  }
}

// JSON leaves out what is undefined, and gives it back the same.
const toScheduledJob = (row: Record<string, SQLOutputValue>) =>
  JSON.parse(String(row['job'])) as ScheduledJob;
