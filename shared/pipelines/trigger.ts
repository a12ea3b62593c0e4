// The trigger of a pipeline: a source that is watched, or requests of people and programs.
import { messageOf } from '../errors.ts';
import { readCron } from './cron.ts';
import type { Milliseconds } from './duration.ts';
import type { Requests } from './requests.ts';
import type { Source } from './source.ts';

/** The newest state of the source wins: one run at a time, and only the newest is queued. */
export interface Watch {
  readonly kind: 'watch';
  /** When the source is polled: a unix cron line, in UTC. */
  readonly schedule: string;
  /** The freshness objective: a change is published this long after it was seen; later, the alert fires. */
  readonly freshness: Milliseconds;
  readonly source: Source;
  /** Requests a run this long after the newest one, even if nothing changed: for example, weekly retraining. */
  readonly rerunEvery?: Milliseconds;
}

export type Trigger = Watch | Requests;

export const watch = (trigger: Omit<Watch, 'kind'>): Watch => ({ kind: 'watch', ...trigger });

const LONGEST_MS = 31 * 24 * 60 * 60 * 1000;
const SHORTEST_RERUN_MS = 60 * 60 * 1000;
const LONGEST_RERUN_MS = 366 * 24 * 60 * 60 * 1000;

/** What is wrong with a watch, each problem naming what was found and what is accepted. */
export function wrongWatch(
  { schedule, freshness, rerunEvery }: Watch,
  /** The duration of a run that needs all its attempts. */
  longestRun: Milliseconds,
): readonly string[] {
  return [...wrongSchedule(schedule), ...wrongFreshness(freshness, longestRun), ...wrongRerun(rerunEvery)];
}

function wrongSchedule(schedule: string): string[] {
  try {
    readCron(schedule);
    return [];
  } catch (error) {
    return [`schedule: ${messageOf(error)}`];
  }
}

/** A run that needs all its attempts has to be able to meet the objective. */
function wrongFreshness(freshness: Milliseconds, least: Milliseconds): string[] {
  if (freshness > least && freshness <= LONGEST_MS) return [];
  const text = (ms: number) => `${Math.round(ms / 60_000)} minutes`;
  return [
    `freshness of ${text(freshness)}: expected more than ${text(least)}, all attempts of the job, and at most 31 days`,
  ];
}

const wrongRerun = (every: Milliseconds | undefined): string[] =>
  every === undefined || (every >= SHORTEST_RERUN_MS && every <= LONGEST_RERUN_MS)
    ? []
    : [`rerunEvery ${every} ms: expected 1 hour to 366 days`];
