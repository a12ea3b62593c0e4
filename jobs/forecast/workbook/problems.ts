// What is wrong with the workbooks, gathered over all files, so that an analyst mends them in one go.
import type { InputProblem } from '../../../shared/outputs/manifest.ts';
import { columnLetters } from './place.ts';
import { visible } from './words.ts';

export const PROBLEMS_KEPT = 50;
const LONGEST_SHOWN = 200;

/** Where something was found: rows count from 1 as a spreadsheet shows them, columns from 0. */
export interface Place {
  readonly file: string;
  readonly sheet?: string;
  readonly row?: number;
  readonly columnIndex?: number;
}

/** Keeps the first 50 problems (law 10) and counts them all. */
export class ProblemList {
  readonly #kept: InputProblem[];
  #count: number;

  constructor(kept: readonly InputProblem[] = [], count = kept.length) {
    this.#kept = [...kept];
    this.#count = count;
  }

  add(place: Place, found: string, expected: string): void {
    this.#count += 1;
    if (this.#kept.length < PROBLEMS_KEPT) this.#kept.push(problemAt(place, found, expected));
  }

  /** Puts a problem before all that were added since there were `before`: it is the cause of them, or may be. */
  addBefore(before: number, place: Place, found: string, expected: string): void {
    this.#count += 1;
    this.#kept.splice(before, 0, problemAt(place, found, expected));
    this.#kept.length = Math.min(this.#kept.length, PROBLEMS_KEPT);
  }

  get count(): number {
    return this.#count;
  }

  get kept(): readonly InputProblem[] {
    return this.#kept;
  }
}

function problemAt(place: Place, whatIsFound: string, expected: string): InputProblem {
  const { file, row, columnIndex } = place;
  const sheet = place.sheet === undefined ? undefined : visible(place.sheet);
  const found = visible(whatIsFound);
  const column = columnIndex === undefined ? undefined : columnLetters(columnIndex);
  const where = [
    visible(file.length > LONGEST_SHOWN ? `${file.slice(0, LONGEST_SHOWN)}…` : file),
    ...(sheet === undefined ? [] : [`sheet "${sheet}"`]),
    ...(row === undefined ? [] : [`row ${row}`]),
    ...(column === undefined ? [] : [`column ${column}`]),
  ].join(', ');
  return {
    file,
    ...(sheet === undefined ? {} : { sheet }),
    ...(row === undefined ? {} : { row }),
    ...(column === undefined ? {} : { column }),
    found,
    expected,
    message: `${where}: found ${found}; expected ${expected}`,
  };
}
