// Preconditions: on which generation and metageneration of an object a call may act.
import { ApiError, invalid } from '../http/errors.ts';

/** All that are given must hold. Generation 0 stands for "there is no live object". */
export interface Preconditions {
  readonly generationMatch?: number;
  readonly generationNotMatch?: number;
  readonly metagenerationMatch?: number;
  readonly metagenerationNotMatch?: number;
}

export interface Versioned {
  readonly generation: number;
  readonly metageneration: number;
}

/** Reads `if<Prefix>GenerationMatch` and its three siblings; throws 400 on what is not a whole number. */
export function readPreconditions(
  query: Readonly<Record<string, string | undefined>>,
  of: '' | 'Source' = '',
): Preconditions {
  const given = {
    generationMatch: readNumber(query, `if${of}GenerationMatch`),
    generationNotMatch: readNumber(query, `if${of}GenerationNotMatch`),
    metagenerationMatch: readNumber(query, `if${of}MetagenerationMatch`),
    metagenerationNotMatch: readNumber(query, `if${of}MetagenerationNotMatch`),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** A generation or metageneration in a query; undefined when absent, 400 when empty or no number. */
export function readNumber(
  query: Readonly<Record<string, string | undefined>>,
  parameter: string,
): number | undefined {
  const text = query[parameter];
  if (text === undefined) return undefined;
  if (!/^\d{1,19}$/.test(text)) throw invalid(`Invalid unsigned integer value: '${text}' for ${parameter}`);
  return Number(text);
}

/** Which kind of condition fails against the live object, if any does. */
export function decide(
  conditions: Preconditions,
  live: Versioned | undefined,
): 'holds' | 'no-match' | 'unwanted-match' {
  const generation = live?.generation ?? 0;
  const { generationMatch, generationNotMatch, metagenerationMatch, metagenerationNotMatch } = conditions;
  if (generationMatch !== undefined && generationMatch !== generation) return 'no-match';
  if (metagenerationMatch !== undefined && metagenerationMatch !== live?.metageneration) return 'no-match';
  if (generationNotMatch === generation) return 'unwanted-match';
  if (live !== undefined && metagenerationNotMatch === live.metageneration) return 'unwanted-match';
  return 'holds';
}

/** For writes: any failing condition is 412. */
export function requireConditions(conditions: Preconditions, live: Versioned | undefined): void {
  if (decide(conditions, live) !== 'holds') throw conditionNotMet();
}

export const conditionNotMet = () =>
  new ApiError(
    412,
    'conditionNotMet',
    'At least one of the pre-conditions you specified did not hold.',
    'If-Match',
  );
