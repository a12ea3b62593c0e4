// Sentences of the mesh in French, such as what a refusal found and expected: by the patterns of the English ones.
import { BICYCLES } from './bicycles.ts';
import { CELLS } from './cells.ts';
import { CITIES } from './cities.ts';
import { DAMAGE } from './damage.ts';
import { PAGES } from './pages.ts';
import type { Patterns } from './patterns.ts';
import { PLACES } from './places.ts';
import { STALE } from './stale.ts';

/** Of refusals: each stands as it is in the sources of a job. */
export const REFUSALS: Patterns = { ...CELLS, ...DAMAGE, ...BICYCLES, ...CITIES };
const LISTS = { refusal: { ...REFUSALS, ...PLACES }, page: { ...PAGES, ...STALE } } as const;
export type Of = keyof typeof LISTS;

interface Pattern {
  readonly test: RegExp;
  readonly holes: readonly string[];
  readonly french: string;
  /** Of its own, beside the holes. */
  readonly letters: number;
}

const HOLE = /\{([A-Za-z])\}/g;
/** Of what a job writes; the time that a pattern takes grows with it. */
const LONGEST = 1_000;
/** A sentence within a sentence within one. */
const DEEPEST = 3;

const compiled = new Map<Of, readonly Pattern[]>();

function patternsOf(of: Of): readonly Pattern[] {
  const patterns = compiled.get(of) ?? Object.entries(LISTS[of]).map(patternOf).toSorted(byLetters);
  compiled.set(of, patterns);
  return patterns;
}

/** Undefined where the sentence is not known, as from another version of the job. An outcome ends it with a full stop. */
export function inFrench(english: string, of: Of = 'refusal'): string | undefined {
  const whole = known(english, of, 0);
  if (whole !== undefined || !english.endsWith('.')) return whole;
  const bare = known(english.slice(0, -1), of, 0);
  return bare === undefined ? undefined : `${bare}.`;
}

function known(english: string, of: Of, depth: number): string | undefined {
  if (english.length > LONGEST || depth > DEEPEST) return undefined;
  for (const { test, holes, french } of patternsOf(of)) {
    const values = test.exec(english)?.slice(1);
    if (values === undefined) continue;
    const shown = values.map((value, at) =>
      isSentence(holes[at] ?? '') ? known(value, of, depth + 1) : value,
    );
    if (shown.some((value) => value === undefined)) continue;
    return french.replaceAll(HOLE, (_, hole: string) => shown[holes.indexOf(hole)] ?? '');
  }
  return undefined;
}

const isSentence = (hole: string): boolean => hole < 'a';

const valueOf = (hole: string): string => (hole < 'n' ? '([^]+)' : '(\\S+)');

const patternOf = ([english, french]: [string, string]): Pattern => ({
  test: new RegExp(
    `^${english
      .split(HOLE)
      .map((part, at) => (at % 2 === 1 ? valueOf(part) : part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')))
      .join('')}$`,
  ),
  holes: [...english.matchAll(HOLE)].map(([, hole = '']) => hole),
  french,
  letters: english.replaceAll(HOLE, '').length,
});

/** The longest first: `the date {a}` would fit `the date {a}, which is in the future` too. */
const byLetters = (one: Pattern, other: Pattern): number => other.letters - one.letters;
