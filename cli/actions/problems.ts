// The problems that a job's refusal of its input lists.
import type { InputProblem } from '../../shared/outputs/manifest.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import { readRefusal, type Refusal } from '../../shared/requests/refusal.ts';
import type { RunOutcome } from '../../shared/runs/outcome.ts';
import type { Target } from '../target.ts';
import { resultsOf } from './stores.ts';

/** The job's refusal of its input. Its manifest lists the first problems and counts all. */
export async function refusalIn(
  target: Target,
  pipeline: Pipeline,
  run: string,
  outcome: RunOutcome | undefined,
): Promise<Refusal | undefined> {
  if (outcome?.outcome !== 'failed' || outcome.attempt === 0) return undefined;
  return readRefusal(resultsOf(target), pipeline.name, run, outcome.attempt);
}

/** The manifest lists the first problems alone. */
export const problemsTitle = (listed: number, all: number): string =>
  listed < all ? `Problems in the input: the first ${listed} of ${all}` : `Problems in the input: ${all}`;

export const problemRow = ({ file, sheet, row, column, found, expected }: InputProblem) => ({
  File: file,
  Place: [
    sheet === undefined ? '' : `sheet ${sheet}`,
    row === undefined ? '' : `row ${row}`,
    column === undefined ? '' : `column ${column}`,
  ]
    .filter(Boolean)
    .join(', '),
  Found: found,
  Expected: expected,
});
