// What is wrong with the workbooks, gathered over all files, so that an analyst mends them in one go.
import type { InputProblem } from '../../../shared/outputs/manifest.ts';
import { columnLetters } from './place.ts';

export const PROBLEMS_KEPT = 50;

/** Where something was found: rows count from 1 as a spreadsheet shows them, columns from 0. */
export interface Place {
  readonly file: string;
  readonly sheet?: string;
  readonly row?: number;
  readonly columnIndex?: number;
}

/** Keeps the first 50 problems (law 10) and counts them all. */
export class ProblemList {
  readonly #kept: InputProblem[] = [];
  #count = 0;

  add(place: Place, found: string, expected: string): void {
    this.#count += 1;
    if (this.#kept.length < PROBLEMS_KEPT) this.#kept.push(problemAt(place, found, expected));
  }

  get count(): number {
    return this.#count;
  }

  get kept(): readonly InputProblem[] {
    return this.#kept;
  }
}

function problemAt(place: Place, found: string, expected: string): InputProblem {
  const { file, sheet, row, columnIndex } = place;
  const column = columnIndex === undefined ? undefined : columnLetters(columnIndex);
  const where = [
    file,
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
