// Finds a site by its name or its code, and names the nearest ones where there is none.
import { distance } from '../../../shared/sources/file-names.ts';
import type { ExcludedSite } from '../series/build.ts';
import type { Site } from '../series/panel.ts';
import { fold } from '../workbook/words.ts';
import type { ParameterProblems } from './parameters.ts';

const NEAR_SHOWN = 3;
/** Names that differ in more letters than this are not near. */
const MOST_TYPOS = 4;
/** Enough to tell names apart; a longer text takes longer to compare. */
const LONGEST_COMPARED = 60;

export interface SiteNames {
  /** The row of the panel; undefined, with a problem at the pointer, where no site is named so. */
  find(name: string, pointer: string, problems: ParameterProblems): number | undefined;
}

/** Names match as in the census, whatever their accents and letter case. A name goes before a code. */
export function namedSites(sites: readonly Site[], excluded: readonly ExcludedSite[]): SiteNames {
  const rowOf = new Map(sites.map(({ code }, row) => [code, row]));
  sites.forEach(({ mall }, row) => rowOf.set(fold(mall), row));
  const withoutValue = new Set(excluded.flatMap(({ code, mall }) => [code, fold(mall)]));
  return {
    find(name, pointer, problems) {
      const row = rowOf.get(fold(name)) ?? rowOf.get(name.trim());
      if (row !== undefined) return row;
      const isExcluded = withoutValue.has(fold(name)) || withoutValue.has(name.trim());
      const expected = isExcluded
        ? 'a site with at least one day of visitors in the input'
        : `the name or the code of a site of the input${nearest(name, sites)}`;
      problems.add(pointer, `"${name}"`, expected);
      return undefined;
    },
  };
}

/** `, such as "Évry"`, the nearest first; empty where none is near. */
function nearest(name: string, sites: readonly Site[]): string {
  const typed = fold(name).slice(0, LONGEST_COMPARED);
  const near = sites
    .map(({ mall }) => ({ mall, apart: apart(typed, fold(mall).slice(0, LONGEST_COMPARED)) }))
    .filter((each) => each.apart <= MOST_TYPOS)
    .toSorted((one, other) => one.apart - other.apart)
    .slice(0, NEAR_SHOWN)
    .map(({ mall }) => `"${mall}"`);
  return near.length === 0 ? '' : `, such as ${near.join(', ')}`;
}

/** One name within the other counts as one letter apart. */
const apart = (typed: string, known: string): number =>
  typed.length >= 3 && (known.includes(typed) || typed.includes(known))
    ? 1
    : distance(typed, known, MOST_TYPOS);
