// One line for each look: what it led to, and whether the table is as fresh as was promised. Metrics are made of it.
import type { Log } from '../../shared/logging.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import type { Answer, Decision } from './decide.ts';
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
  const notes = answer.notes === undefined ? {} : { notes: answer.notes };
  const told = { event: 'looked', pipeline: pipeline.name, fresh, waitsSince: behind?.since, ...notes };
  const { level, text: said, ...what } = wordsOf(answer);
  const text = [said, ...unsaid(answer).map((note) => `${note}.`)].join(' ');
  const stale = `The table waits for a change since ${behind?.since}; ${promiseOf(pipeline)}.`;
  if (fresh) log[level]({ ...told, ...what }, text);
  else log.error({ ...told, ...what }, `${text} ${stale}`);
}

/** The notes on the folder that the reason does not say already. */
function unsaid(answer: Answer): readonly string[] {
  const reason = answer.kind === 'look' ? answer.reason : '';
  return (answer.notes ?? []).filter((note) => !reason.includes(note));
}

function wordsOf(answer: Answer) {
  if (answer.kind === 'requested') {
    return { level: 'info', outcome: 'requested', run: answer.run, text: 'asked for a run.' } as const;
  }
  const { outcome, reason } = answer;
  if (outcome === 'no-change') return { level: 'info', outcome, text: `no change: ${reason}` } as const;
  return { level: 'warn', outcome, reason, text: `no run: ${reason}` } as const;
}

const promiseOf = ({ trigger: { freshness } }: Pipeline): string =>
  `${freshness / 3_600_000} hours were promised`;
