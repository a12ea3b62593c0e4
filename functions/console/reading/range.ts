// What the address of a page chooses: a range of days, a number, and one of a list.
import { endOfDay, isDay, startOfDay } from '../../../shared/page/days.ts';
import type { Pipeline } from '../../../shared/pipelines/pipeline.ts';
import { PageProblem } from '../problem.ts';
import type { Asked } from '../ports.ts';

export interface Range {
  /** Days in the zone of the pipeline, both included; null: without a bound. */
  readonly from: string | null;
  readonly to: string | null;
  readonly fromMs: number;
  /** The first moment after the range. */
  readonly untilMs: number;
}

/** `from=2026-11-01&to=2026-11-27`; 400 for what is no day. `names`: where a page means something else by these. */
export function rangeIn(
  asked: Asked,
  { timeZone = 'UTC' }: Pipeline,
  [first, last]: readonly [string, string] = ['from', 'to'],
): Range {
  const [from, to] = [dayIn(asked, first), dayIn(asked, last)];
  return {
    from,
    to,
    fromMs: from === null ? -Infinity : startOfDay(from, timeZone),
    untilMs: to === null ? Infinity : endOfDay(to, timeZone),
  };
}

/** Null where the address names none; 400 for what is no day. */
export function dayIn({ query }: Asked, name: string): string | null {
  const text = query.get(name);
  if (text === null || text === '') return null;
  if (isDay(text)) return text;
  throw new PageProblem('invalid', `${name}=${text.slice(0, 50)}: a day such as 2026-11-27`);
}

/** A whole number from 1 on; `otherwise` where the address has none. */
export function numberIn<Otherwise>(
  { query }: Pick<Asked, 'query'>,
  name: string,
  otherwise: Otherwise,
): number | Otherwise {
  const text = query.get(name);
  if (text === null || text === '') return otherwise;
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new PageProblem('invalid', `${name}=${text.slice(0, 50)}: a whole number from 1 on`);
}

/** One of a list; 400 names them. */
export function oneOfIn<Choice extends string>(
  { query }: Asked,
  name: string,
  choices: readonly Choice[],
): Choice | null {
  const text = query.get(name);
  if (text === null || text === '') return null;
  const found = choices.find((choice) => choice === text);
  if (found !== undefined) return found;
  throw new PageProblem('invalid', `${name}=${text.slice(0, 50)}: one of ${choices.join(', ')}`);
}
