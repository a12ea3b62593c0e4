// What the schema of a configuration finds wrong, in words: the key, what was found, and what is expected.
import type { z } from 'zod';
import { distance } from '../../../shared/sources/file-names.ts';
import { listed, quoted } from '../formats/unusable.ts';
import { allKeys, keysAt } from './schema.ts';
import type { Path } from './yaml.ts';

/** One thing that is wrong with one key. */
export interface Fault {
  readonly path: Path;
  readonly found: string;
  readonly expected: string;
}

type Issue = z.core.$ZodIssue;

/** At most `most`. */
export const faultsOf = (value: unknown, issues: readonly Issue[], most: number): readonly Fault[] =>
  issues
    .slice(0, most)
    .flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.slice(0, most).map((key) => unknownKey(issue.path, key))
        : [{ path: issue.path, found: shown(valueAt(value, issue.path)), expected: expectedBy(issue) }],
    );

/** `extent.bbox_wgs84[2]` */
export const shownPath = (path: Path): string =>
  path
    .map((step, at) => (typeof step === 'number' ? `[${step}]` : `${at > 0 ? '.' : ''}${String(step)}`))
    .join('');

const MOST_TYPOS = 3;
const LONGEST_COMPARED = 40;
const plain = (key: string): string =>
  key
    .toLowerCase()
    .replaceAll(/[\s_-]/g, '')
    .slice(0, LONGEST_COMPARED);

function unknownKey(group: Path, key: string): Fault {
  const known = keysAt(group);
  const expected =
    nearestKey(group, key) ?? (known.length === 0 ? 'no key here' : `one of ${known.toSorted().join(', ')}`);
  return { path: [...group, key], found: 'an unknown key', expected };
}

/** The key of the same group that is spelled most like it; else a key of that name in another group. */
function nearestKey(group: Path, key: string): string | undefined {
  const typed = plain(key);
  const most = Math.min(MOST_TYPOS, Math.max(1, Math.floor(typed.length / 3)));
  const near = keysAt(group)
    .map((known) => ({ known, apart: distance(typed, plain(known), most) }))
    .filter(({ apart }) => apart <= most)
    .toSorted((one, other) => one.apart - other.apart)[0];
  const elsewhere = allKeys().find((path) => plain(path.slice(path.lastIndexOf('.') + 1)) === typed);
  const meant = near === undefined ? elsewhere : shownPath([...group, near.known]);
  return meant === undefined ? undefined : `a known key: did you mean "${meant}"?`;
}

function valueAt(value: unknown, path: Path): unknown {
  let at = value;
  for (const step of path) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = (at as Readonly<Record<PropertyKey, unknown>>)[step];
  }
  return at;
}

export function shown(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object') return `a group with the keys ${listed(Object.keys(value).map(quoted))}`;
  return String(value);
}

const TYPES: Readonly<Record<string, string>> = {
  number: 'a number',
  int: 'a whole number',
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
};

function expectedBy(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.expected === 'object' || issue.expected === 'record') return expectedGroup(issue.path);
      return TYPES[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return `${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return `${issue.inclusive === false ? 'more than' : 'at least'} ${bound(issue.origin, issue.minimum)}`;
    case 'too_big':
      return `at most ${bound(issue.origin, issue.maximum)}`;
    case 'invalid_format':
      return issue.format === 'date' ? 'a day, such as 2022-07-01' : issue.message;
    case 'custom':
    case 'invalid_element':
    case 'invalid_key':
    case 'invalid_union':
    case 'not_multiple_of':
    case 'unrecognized_keys':
      return issue.message;
  }
}

function expectedGroup(path: Path): string {
  const known = keysAt(path);
  return known.length === 0 ? 'a group of keys' : `a group with the keys ${known.join(', ')}`;
}

const bound = (origin: string, value: number | bigint): string =>
  `${value}${origin === 'array' ? ' entries' : origin === 'string' ? ' characters' : ''}`;
