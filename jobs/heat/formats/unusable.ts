// A file that cannot be used, as an error that says which file, where in it, what is there and what was expected.

export interface Problem {
  readonly file: string;
  /** `message 5 at byte 13440`, `variable t2m`, `line 22`, …; of the whole file where it is absent. */
  readonly place?: string | undefined;
  readonly found: string;
  readonly expected: string;
  /** The file is sound, and of other variables: another file may have the one that is read. */
  readonly lacksVariable?: boolean;
}

export const isOtherVariable = ({ lacksVariable }: Problem): boolean => lacksVariable === true;

/** The input is at fault: the same file would fail again. The job lists its problem in a refusal. */
export class UnusableFile extends Error {
  override readonly name = 'UnusableFile';
  readonly problem: Problem;

  constructor(problem: Problem, options: ErrorOptions = {}) {
    const { file, place, found, expected } = problem;
    const at = place === undefined ? '' : `, ${place}`;
    super(`${file}${at}: found ${found}; expected ${expected}`, options);
    this.problem = problem;
  }
}

const LONGEST_SHOWN = 80;

/** A text of a file as an error may quote it: short, and on one line. */
export function quoted(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return `"${line.length > LONGEST_SHOWN ? `${line.slice(0, LONGEST_SHOWN)}…` : line}"`;
}

const MOST_LISTED = 8;

export const listed = (names: readonly string[]): string =>
  names.length === 0
    ? 'nothing'
    : names.slice(0, MOST_LISTED).join(', ') + (names.length > MOST_LISTED ? ', …' : '');
