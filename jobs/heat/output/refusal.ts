// The refusal of a run: every problem of its configurations and raw files, with its place.
import type { InputProblem } from '../../../shared/outputs/manifest.ts';
import type { Problem } from '../formats/unusable.ts';

const MOST_PROBLEMS = 50;

export function refusalOf(problems: readonly Problem[]): {
  readonly reason: string;
  readonly problems: readonly InputProblem[];
  readonly problemCount: number;
} {
  const listed = problems.slice(0, MOST_PROBLEMS).map(inputProblemOf);
  return {
    reason: listed[0]?.message ?? 'the input cannot be used',
    problems: listed,
    problemCount: Math.max(1, problems.length),
  };
}

function inputProblemOf({ file, place, found, expected }: Problem): InputProblem {
  const at = place === undefined ? '' : `, ${place}`;
  const line = /^line (\d{1,9})$/.exec(place ?? '')?.[1];
  return {
    file,
    ...(line === undefined ? {} : { row: Number(line) }),
    found,
    expected,
    message: `${file}${at}: found ${found}; expected ${expected}`,
  };
}
