// Decides what a slot needs: a pure function of what was observed of its run and its executions.
import type { KeyedExecution } from '../../../shared/executions/runner.ts';
import { endAtGates, type Gates, type RequestEnd } from '../../../shared/requests/ends.ts';
import type { Slot } from '../../../shared/requests/dispatch.ts';
import { PATIENCE_MS } from '../submit.ts';

export interface SlotObservation {
  readonly slot: Slot;
  /** The run's outcome stands. */
  readonly ended: boolean;
  readonly gates: Gates;
  /** Whether the execution of the slot's attempt was recorded as started. */
  readonly started: boolean;
  /** The intents to submit the attempt: how many, and when the newest was recorded. */
  readonly intents: { readonly count: number; readonly newestAtMs: number | undefined };
  /** The intent whose own submission was answered with the recorded execution; undefined: it was found by its key. */
  readonly answered?: number | undefined;
  /** Executions that carry the slot's key; the recorded one first. */
  readonly executions: readonly KeyedExecution[];
  /** Read after the executions: one that has ended writes no manifest any more. */
  readonly manifest: boolean;
}

export interface JudgeBounds {
  readonly nowMs: number;
  readonly timeoutMs: number;
  readonly attempts: number;
}

export type Verdict =
  /** Its start is not carried out yet. */
  | { readonly kind: 'carry-out' }
  | { readonly kind: 'wait' }
  | { readonly kind: 'free' }
  | { readonly kind: 'next-attempt'; readonly attempt: number; readonly why: string }
  | { readonly kind: 'end'; readonly end: RequestEnd };

export interface Judged {
  readonly verdict: Verdict;
  /** Executions that must not go on. */
  readonly cancel: readonly string[];
}

/** Cloud Run ends an execution at its timeout; one that runs on this long after it is cancelled. */
const OVERRUN_MS = 2 * 60 * 1000;
// A run that could not be started or published for a day needs an operator.
const GIVE_UP_MS = 24 * 60 * 60 * 1000;

export function judge(observed: SlotObservation, bounds: JudgeBounds): Judged {
  const running = observed.executions.filter(({ state }) => state === 'running');
  const names = running.map(({ name }) => name);
  if (observed.ended)
    return {
      verdict: { kind: running.length === 0 && isSettled(observed, bounds) ? 'free' : 'wait' },
      cancel: names,
    };
  const atGate = endAtGates(observed.gates);
  if (atGate !== undefined) return { verdict: { kind: 'end', end: atGate }, cancel: names };
  const late = gaveUp(observed, bounds);
  if (late !== undefined) return { verdict: { kind: 'end', end: late }, cancel: names };
  if (!observed.started) return { verdict: { kind: 'carry-out' }, cancel: [] };
  if (running.length > 0) return { verdict: { kind: 'wait' }, cancel: toCancel(observed, running, bounds) };
  // Its output is complete; publish-output ends it.
  if (observed.manifest) return { verdict: { kind: 'wait' }, cancel: [] };
  return { verdict: afterEnd(observed, bounds), cancel: [] };
}

/**
 * Whether no further execution of the attempt can appear: each intent sends one request. The next one is recorded when
 * the patience with those before it is over, so where the newest was answered, none is under way.
 */
function isSettled({ intents, answered, executions }: SlotObservation, { nowMs }: JudgeBounds): boolean {
  const { count, newestAtMs } = intents;
  if (newestAtMs === undefined || answered === count || (count === 1 && executions.length > 0)) return true;
  return nowMs - newestAtMs >= PATIENCE_MS;
}

function gaveUp({ slot, started, manifest }: SlotObservation, { nowMs, timeoutMs }: JudgeBounds) {
  if (nowMs - Date.parse(slot.since) < GIVE_UP_MS + timeoutMs) return undefined;
  const [code, what, where] = manifest
    ? (['OUTPUT_NOT_PUBLISHED', 'The output could not be published', 'publish-output'] as const)
    : (['RUN_NOT_STARTED', 'The job could not be started', 'start-run'] as const);
  // One that was started and wrote nothing is ended by its attempts.
  if (started && !manifest) return undefined;
  const reason = `${what} for 24 hours. The log of ${where} says why.`;
  return { outcome: 'dead-lettered', code, reason } as const;
}

/** One execution of the attempt may go on: the recorded one, or else the oldest. */
function toCancel(
  { executions }: SlotObservation,
  running: readonly KeyedExecution[],
  { nowMs, timeoutMs }: JudgeBounds,
): readonly string[] {
  const succeeded = executions.some(({ state }) => state === 'succeeded');
  const [recorded] = executions;
  const kept = succeeded ? undefined : recorded?.state === 'running' ? recorded : running.at(-1);
  const isOverdue = ({ startedAtMs }: KeyedExecution) =>
    startedAtMs !== undefined && nowMs - startedAtMs > timeoutMs + OVERRUN_MS;
  return running.filter((each) => each !== kept || isOverdue(each)).map(({ name }) => name);
}

function afterEnd({ slot, executions }: SlotObservation, { attempts, timeoutMs }: JudgeBounds): Verdict {
  const { attempt } = slot;
  const [recorded] = executions;
  if (recorded?.state === 'cancelled' && !isOverrun(recorded, timeoutMs))
    return {
      kind: 'end',
      end: {
        outcome: 'cancelled',
        code: 'EXECUTION_CANCELLED',
        reason: `The execution of attempt ${attempt} was cancelled in Cloud Run.`,
      },
    };
  const why = whyFailed(attempt, recorded, timeoutMs);
  if (attempt < attempts) return { kind: 'next-attempt', attempt: attempt + 1, why };
  const reason = `${why.replace(/\.$/, '')}; that was ${attempts === 1 ? 'the only attempt' : `the last of ${attempts} attempts`}.`;
  return { kind: 'end', end: { outcome: 'failed', code: 'ATTEMPTS_EXHAUSTED', reason } };
}

const isOverrun = ({ startedAtMs, completedAtMs }: KeyedExecution, timeoutMs: number): boolean =>
  startedAtMs !== undefined && completedAtMs !== undefined && completedAtMs - startedAtMs >= timeoutMs;

function whyFailed(attempt: number, execution: KeyedExecution | undefined, timeoutMs: number): string {
  if (execution === undefined) return `attempt ${attempt} failed: its execution was deleted`;
  const { state, message = 'Cloud Run gave no reason' } = execution;
  if (state === 'succeeded') return `attempt ${attempt} exited with 0 and wrote no output.json`;
  if (state === 'cancelled') return `attempt ${attempt} ran for longer than ${timeoutMs / 60_000} minutes`;
  return `attempt ${attempt} failed: ${message}`;
}
