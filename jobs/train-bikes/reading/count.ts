// The count of an hour as people write it: a whole number from 0, or the reason why it is none.

export type CountReason = 'count-not-reported' | 'unreadable-count' | 'negative-count' | 'absurd-count';

/**
 * A lane of two metres carries about 5,000 bicycles an hour when it is full, and no counter of the city has counted
 * half of that in one direction. Twice what is possible is an error of the device.
 */
export const MOST_BICYCLES = 10_000;

/** What programs write where a value is missing. */
const NOT_REPORTED = new Set(['', 'na', 'n/a', 'nan', 'null', 'none', 'nd', '-']);
const PLAIN = /^\d{1,9}$/;
const QUOTED = /^(["'])(.*)\1$/s;
/** Groups of three digits, apart by any space; or decimals that are all zero, as a table of floats writes them. */
const WRITTEN_OUT = /^([+-]?)(\d+|\d{1,3}(?:[\s\p{Zs}]\d{3})+)(?:[.,]0{1,6})?$/u;
const LONGEST_TEXT = 40;

export function countOf(text: string): number | CountReason {
  if (PLAIN.test(text)) return bounded(Number(text));
  if (text.length > LONGEST_TEXT) return 'unreadable-count';
  const trimmed = text.trim();
  const bare = QUOTED.exec(trimmed)?.[2]?.trim() ?? trimmed;
  if (NOT_REPORTED.has(bare.toLowerCase())) return 'count-not-reported';
  const [, sign, digits] = WRITTEN_OUT.exec(bare.replace(/^\u2212/, '-')) ?? [];
  if (digits === undefined) return 'unreadable-count';
  const number = Number(digits.replace(/\D/g, ''));
  return sign === '-' && number > 0 ? 'negative-count' : bounded(number);
}

const bounded = (number: number): number | CountReason => (number > MOST_BICYCLES ? 'absurd-count' : number);
