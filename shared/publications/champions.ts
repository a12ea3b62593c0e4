// Decides which model is current after a training run: a pure function of the candidate and the champion.
import type { ModelOutput } from '../pipelines/outputs.ts';
import type { ModelResult } from '../outputs/manifest.ts';
import type { PublishedFile, PublishedObjects } from '../outputs/published.ts';

export interface Candidate {
  readonly publication: string;
  readonly run: string;
  readonly files: readonly PublishedFile[];
  /** The job's measurements of the candidate and of the champion, on the same rows. */
  readonly result: ModelResult;
}

export interface Judged {
  readonly current: PublishedObjects;
  readonly promoted: boolean;
  readonly reason: string;
}

/**
 * Ties keep the champion, but for its own recipe: fitted to newer data it takes the place of the older fit. `champion`:
 * what the newest entry of the ledger names; undefined while there is none.
 */
export function judgeCandidate(
  { name, metric, better }: ModelOutput,
  candidate: Candidate,
  champion: PublishedObjects | undefined,
): Judged {
  const { publication, run, files, result } = candidate;
  const promoted = (reason: string): Judged => ({
    current: { kind: 'model', output: name, publication, run, files, pinned: false },
    promoted: true,
    reason,
  });
  if (champion === undefined) return promoted('it is the first one.');
  const kept = (reason: string): Judged => ({ current: champion, promoted: false, reason });
  const holder = `the champion of run ${champion.run}`;
  if (champion.pinned) return kept(`${holder} is pinned.`);
  if (result.champion?.publication !== champion.publication)
    return kept(`it was not compared with ${holder}, which is current.`);
  const [own, other] = [result.metrics[metric], result.champion.metrics[metric]];
  if (own === undefined || other === undefined) return kept(`${metric} was not measured for both.`);
  const numbers = `its ${metric} is ${own}, and that of ${holder} is ${other}, on the same rows`;
  if (own === other && result.recipe === result.champion.recipe)
    return promoted(`it is the recipe of ${holder}, fitted to newer data.`);
  const wins = better === 'lower' ? own < other : own > other;
  return wins ? promoted(`${numbers}.`) : kept(`${numbers}; expected ${better}.`);
}
