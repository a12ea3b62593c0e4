// What makes a file unusable, with its place, for the refusal: one line for each file, then examples of its rows.
import type { InputProblem } from '../../../shared/outputs/manifest.ts';
import { MOST_BICYCLES } from './count.ts';
import type { ReadFile } from './file.ts';
import type { MalformedReason } from './reasons.ts';
import type { Example } from './tally.ts';
import type { UnusableFile } from './unusable.ts';

export const MOST_MALFORMED = 0.05;
const MOST_PROBLEMS = 50;

const EXPECTED: Readonly<Record<MalformedReason, string>> = {
  'unclosed-quote': 'a quote that is closed',
  'line-too-long': 'a shorter line',
  'field-count': 'as many fields as the header has',
  'no-counter': 'the name of a counter',
  'unreadable-time': 'a date and time such as 2021-06-15T18:00:00+02:00',
  'time-out-of-range': 'a time from the year 2000 on that is not in the future',
  'not-a-full-hour': 'the start of an hour',
  'unreadable-count': 'a whole number',
  'negative-count': 'a whole number from 0',
  'absurd-count': `at most ${MOST_BICYCLES} bicycles an hour`,
};

export interface FileProblems {
  /** Why the file is refused. */
  readonly whole: InputProblem;
  readonly examples: readonly InputProblem[];
  readonly count: number;
}

export const problemsOfUnusable = (file: string, error: UnusableFile): FileProblems => ({
  whole: problem(file, error.row, undefined, error.found, error.expected),
  examples: [],
  count: 1,
});

/** Undefined: the file can be used. */
export function problemsOf({ name, tally }: ReadFile): FileProblems | undefined {
  const { rows, used, malformed, examples } = tally;
  if (rows === 0) return whole(name, 'no row below the header', 'rows');
  if (malformed > rows * MOST_MALFORMED) {
    const share = ((100 * malformed) / rows).toFixed(1);
    const reasons = Object.entries(tally.dropped)
      .filter(([reason]) => reason in EXPECTED)
      .map(([reason, count]) => `${count} ${reason}`);
    return {
      whole: problem(
        name,
        undefined,
        undefined,
        `${malformed} of ${rows} rows malformed (${share} %: ${reasons.join(', ')})`,
        `at most ${MOST_MALFORMED * 100} %`,
      ),
      examples: examples.map((example) => exampleProblem(name, example)),
      count: 1 + malformed,
    };
  }
  const isAllRepeated = tally.count('repeated-row') + tally.count('replaced-row') > 0;
  return used === 0 && !isAllRepeated ? whole(name, `no count in ${rows} rows`, 'counts') : undefined;
}

const whole = (name: string, found: string, expected: string): FileProblems => ({
  whole: problem(name, undefined, undefined, found, expected),
  examples: [],
  count: 1,
});

const exampleProblem = (name: string, { line, reason, column, found }: Example): InputProblem =>
  problem(name, line, column, column === undefined ? found : `"${found}"`, EXPECTED[reason]);

/** Every file's own line comes first, so that no file is left unnamed by the rows of another one. */
export function refusalOf(files: readonly FileProblems[]): {
  readonly problems: readonly InputProblem[];
  readonly problemCount: number;
} {
  const all = [...files.map((file) => file.whole), ...files.flatMap((file) => file.examples)];
  return {
    problems: all.slice(0, MOST_PROBLEMS),
    problemCount: files.reduce((sum, { count }) => sum + count, 0),
  };
}

const LONGEST_NAME = 200;
/** Letters that a screen acts on in place of showing them. */
const UNSHOWN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const visible = (text: string): string =>
  text.replace(
    UNSHOWN,
    (letter) => `[U+${letter.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}]`,
  );

function problem(
  file: string,
  row: number | undefined,
  column: string | undefined,
  whatIsFound: string,
  expected: string,
): InputProblem {
  const found = visible(whatIsFound);
  const header = column === undefined ? undefined : visible(column.slice(0, LONGEST_NAME));
  const where = [
    visible(file.length > LONGEST_NAME ? `${file.slice(0, LONGEST_NAME)}…` : file),
    ...(row === undefined ? [] : [`line ${row}`]),
    ...(header === undefined ? [] : [`column "${header}"`]),
  ].join(', ');
  return {
    file,
    ...(row === undefined ? {} : { row }),
    ...(header === undefined ? {} : { column: header }),
    found,
    expected,
    message: `${where}: found ${found}; expected ${expected}`,
  };
}
