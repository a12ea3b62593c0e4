// Reads the configurations of cities; what is wrong with one is a problem that names its file and its key.
import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import type { z } from 'zod';
import type { InputFile } from '../formats/opened-file.ts';
import { quoted, type Problem } from '../formats/unusable.ts';
import { city as schema, type City } from './city.ts';

export interface NamedCity {
  readonly file: string;
  readonly city: City;
}

export interface ReadCities {
  readonly cities: readonly NamedCity[];
  readonly problems: readonly Problem[];
}

const MOST_BYTES = 64 * 1024;
/** An alias of an alias of an alias is how a small text becomes a large one. */
const MOST_ALIASES = 100;

export function readCities(files: readonly (InputFile & { readonly sizeBytes: number })[]): ReadCities {
  const cities: NamedCity[] = [];
  const problems: Problem[] = [];
  for (const file of files) {
    const read = readCity(file);
    if ('problems' in read) {
      problems.push(...read.problems);
      continue;
    }
    const same = cities.find(({ city }) => city.city === read.city.city);
    if (same === undefined) cities.push({ file: file.name, city: read.city });
    else {
      const found = `"${read.city.city}", which ${same.file} is as well`;
      problems.push({ file: file.name, place: 'city', found, expected: 'a city of its own in each file' });
    }
  }
  return { cities, problems };
}

type ReadCity = { readonly city: City } | { readonly problems: readonly Problem[] };

function readCity({ name: file, path, sizeBytes }: InputFile & { readonly sizeBytes: number }): ReadCity {
  const wrong = (found: string, expected: string, place?: string): ReadCity => ({
    problems: [{ file, place, found, expected }],
  });
  if (sizeBytes > MOST_BYTES) return wrong(`${sizeBytes} bytes`, `at most ${MOST_BYTES} bytes of YAML`);
  const document = parseDocument(readFileSync(path, 'utf8'), { logLevel: 'silent' });
  const [error] = document.errors;
  if (error !== undefined) {
    const [at] = error.linePos ?? [];
    return wrong(`no YAML (${error.message.split('\n', 1)[0]})`, 'YAML', at && `line ${at.line}`);
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: MOST_ALIASES });
  } catch (cause) {
    return wrong(`YAML that cannot be unfolded (${(cause as Error).message})`, 'YAML with few aliases');
  }
  const checked = schema.safeParse(value);
  if (checked.success) return { city: checked.data };
  return { problems: checked.error.issues.flatMap((issue) => problemsOf(file, value, issue)) };
}

function problemsOf(file: string, value: unknown, issue: z.core.$ZodIssue): readonly Problem[] {
  const place = issue.path.length === 0 ? undefined : issue.path.join('.');
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      file,
      place: [...issue.path, key].join('.'),
      found: 'a key that is not known',
      expected: 'the keys of the configuration of a city',
    }));
  return [{ file, place, found: shown(valueAt(value, issue.path)), expected: issue.message }];
}

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (at, key) =>
      typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  );

const shown = (value: unknown): string =>
  value === undefined ? 'nothing' : typeof value === 'string' ? quoted(value) : quoted(JSON.stringify(value));
