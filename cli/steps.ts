// The steps of a run as the terminal shows them, derived from its records.
import { counted } from '../shared/counted.ts';
import type { OutputManifest } from '../shared/outputs/manifest.ts';
import type { RunHistory } from '../shared/history/history.ts';
import { visibleLine } from './terminal.ts';

export type StepName = 'request' | 'freeze' | 'execute' | 'publish';

export interface Step {
  readonly name: StepName;
  readonly state: 'waiting' | 'under way' | 'done' | 'failed';
  /** Can be printed as it is; the progress in it may be coloured. */
  readonly detail: string;
}

/** Seconds per step; `mesh` is everything from the tick to the outcome but the job's own compute. */
export interface StepSeconds {
  readonly request: number | null;
  readonly freeze: number | null;
  readonly execute: number | null;
  readonly publish: number | null;
  readonly mesh: number | null;
  readonly total: number | null;
}

export interface ExecutionTimes {
  readonly startTime?: string;
  readonly completionTime?: string;
}

/** The job has written its output, and the output was not published. */
const KEPT_BACK = new Set<string | undefined>(['held', 'quarantined']);

export function stepsOf(run: RunHistory, progress: string): readonly Step[] {
  const { outcome } = run;
  const attempt = run.attempts.at(-1);
  const rows: [StepName, boolean, string][] = [
    ['request', true, `run ${run.run}`],
    [
      'freeze',
      run.input !== undefined,
      counted(run.input?.files.length ?? run.request.snapshot.length, 'file'),
    ],
    [
      'execute',
      (outcome?.rows ?? null) !== null || KEPT_BACK.has(outcome?.outcome),
      attempt === undefined ? '' : `attempt ${attempt.attempt} ${progress}`,
    ],
    [
      'publish',
      outcome?.outcome === 'published',
      outcome === undefined ? '' : visibleLine(`${outcome.outcome}: ${outcome.reason}`),
    ],
  ];
  const firstOpen = rows.findIndex(([, done]) => !done);
  return rows.map(([name, done, detail], index): Step => {
    if (done) return { name, state: 'done', detail };
    if (outcome !== undefined)
      return { name, state: index === rows.length - 1 ? 'failed' : 'waiting', detail };
    return { name, state: index === firstOpen ? 'under way' : 'waiting', detail };
  });
}

/** `tickedAtMs`: when the tick began that led to the run. A job's compute ends when its manifest is written. */
export function secondsOf(
  tickedAtMs: number,
  run: RunHistory,
  manifest: OutputManifest | undefined,
  execution: ExecutionTimes | undefined,
): StepSeconds {
  const requested = Date.parse(run.request.requestedAt);
  const frozen = time(run.input?.frozenAt);
  const started = time(execution?.startTime);
  const computed = time(manifest?.writtenAt) ?? time(execution?.completionTime);
  const ended = time(run.outcome?.at);
  const execute = between(started, computed);
  const total = between(tickedAtMs, ended);
  return {
    request: between(tickedAtMs, requested),
    freeze: between(requested, frozen),
    execute,
    publish: between(computed, ended),
    mesh: total === null ? null : round(total - (execute ?? 0)),
    total,
  };
}

/** A tick that led to no run is all request. */
export function pollSeconds(tickedAtMs: number, endedAtMs: number): StepSeconds {
  const total = between(tickedAtMs, endedAtMs);
  return { request: total, freeze: null, execute: null, publish: null, mesh: total, total };
}

const time = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : Date.parse(text);
const round = (seconds: number): number => Math.round(seconds * 1000) / 1000;
const between = (from: number | undefined, to: number | undefined): number | null =>
  from === undefined || to === undefined ? null : round(Math.max(0, to - from) / 1000);
