// One line for each look: what it led to, and whether the table is as fresh as was promised. Metrics are made of it.
import type { Log } from '../../shared/logging.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import type { Decision } from './decide.ts';
import type { Answer } from './detect-changes.ts';
import { isFresh, type Behind } from './freshness.ts';

/** `fresh` is what the alert listens to; `waitsSince` names the change that was promised and has not come. */
export function tellLook(
  pipeline: Pipeline,
  decision: Decision,
  behind: Behind,
  answer: Answer,
  { log, now }: { readonly log: Log; readonly now: () => number },
): void {
  const fresh = isFresh(pipeline, behind, decision, now());
  const told = { event: 'looked', pipeline: pipeline.name, fresh, waitsSince: behind?.since };
  const { level, text, ...what } = wordsOf(answer);
  const stale = `The table waits for a change since ${behind?.since}; ${promiseOf(pipeline)}.`;
  if (fresh) log[level]({ ...told, ...what }, text);
  else log.error({ ...told, ...what }, `${text} ${stale}`);
}

function wordsOf(answer: Answer) {
  if (answer.kind === 'requested') {
    return { level: 'info', outcome: 'requested', run: answer.run, text: 'asked for a run.' } as const;
  }
  const { outcome, reason } = answer;
  if (outcome === 'no-change') return { level: 'info', outcome, text: `no change: ${reason}` } as const;
  return { level: 'warn', outcome, reason, text: `no run: ${reason}` } as const;
}

const promiseOf = ({ freshness }: Pipeline): string => `${freshness / 3_600_000} hours were promised`;
