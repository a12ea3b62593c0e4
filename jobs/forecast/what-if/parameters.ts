// Checks the parameters of a request, and lists what the job cannot use, each by the pointer of its field.
import { pointerOf } from '../../../shared/http/json-pointer.ts';
import type { InputProblem } from '../../../shared/outputs/manifest.ts';
import type { Parameters } from '../../../shared/pipelines/requests.ts';
import { whatIfParameters, type WhatIfParameters } from '../../../models/forecast/what-if.ts';
import { PROBLEMS_KEPT } from '../workbook/problems.ts';
import { visible } from '../workbook/words.ts';

/** What problems are in, in place of a file. */
const PARAMETERS = 'parameters';
const LONGEST_SHOWN = 200;
const SHOWN_IN_REASON = 3;

export class ParameterProblems {
  readonly kept: InputProblem[] = [];
  count = 0;

  /** `pointer` as in RFC 6901, such as `/openings/0/site`; the whole is the empty pointer. */
  add(pointer: string, found: string, expected: string): void {
    this.count += 1;
    if (this.kept.length === PROBLEMS_KEPT) return;
    const shown = visible(found.length > LONGEST_SHOWN ? `${found.slice(0, LONGEST_SHOWN)}…` : found);
    const where = pointer === '' ? PARAMETERS : pointer;
    this.kept.push({
      file: PARAMETERS,
      column: pointer,
      found: shown,
      expected,
      message: `${where}: found ${shown}; expected ${expected}`,
    });
  }

  /** Without what the requester sent, which can be erased while the reason is kept. */
  get reason(): string {
    const shown = this.kept
      .slice(0, SHOWN_IN_REASON)
      .map(({ column, expected }) => `${column === '' ? PARAMETERS : column}: expected ${expected}`);
    const left = this.count - shown.length;
    return [...shown, ...(left > 0 ? [`and ${left} more problems`] : [])].join('; ');
  }
}

/** Undefined, with problems, when they are not what the pipeline declares. The API has checked them before. */
export function checkedParameters(
  parameters: Parameters,
  problems: ParameterProblems,
): WhatIfParameters | undefined {
  const read = whatIfParameters.safeParse(parameters);
  if (read.success) return read.data;
  for (const { path, message } of read.error.issues) problems.add(pointerOf(path), 'another value', message);
  return undefined;
}
