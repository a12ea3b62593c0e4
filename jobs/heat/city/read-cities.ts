// Reads the configurations of all cities: each file gives a city, or names everything that is wrong with it.
import type { InputFile } from '../formats/opened-file.ts';
import { quoted, UnusableFile, type Problem } from '../formats/unusable.ts';
import { checkCity } from './checks.ts';
import { city as schema, type City } from './city.ts';
import { faultsOf, shown, shownPath, type Fault } from './issues.ts';
import { readYaml, type Configured } from './yaml.ts';

export const MOST_CITIES = 50;
const MOST_PROBLEMS_OF_FILE = 20;

export interface NamedCity {
  readonly file: string;
  readonly city: City;
}

export interface ReadCities {
  /** By the names of the cities. */
  readonly cities: readonly NamedCity[];
  /** Empty where every file can be used. */
  readonly problems: readonly Problem[];
}

/** `frozenAt` is an ISO time. */
export function readCities(files: readonly InputFile[], frozenAt: string): ReadCities {
  if (files.length > MOST_CITIES) {
    const found = `${files.length} configurations`;
    return { cities: [], problems: [{ file: files[0]!.name, found, expected: `at most ${MOST_CITIES}` }] };
  }
  const read = files.map((file) => readCity(file, frozenAt.slice(0, 10)));
  const cities = read
    .flatMap((each) => ('city' in each ? [each] : []))
    .toSorted((one, other) => (one.city.city < other.city.city ? -1 : 1));
  return {
    cities,
    problems: [...read.flatMap((each) => ('city' in each ? [] : each)), ...namesakes(cities)],
  };
}

function readCity(file: InputFile, today: string): NamedCity | readonly Problem[] {
  try {
    const configured = readYaml(file);
    const { value } = configured;
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return [{ file: file.name, found: shown(value), expected: 'keys and values, such as "city: paris"' }];
    const parsed = schema.safeParse(value);
    const faults = parsed.success
      ? checkCity(parsed.data, today)
      : faultsOf(value, parsed.error.issues, MOST_PROBLEMS_OF_FILE);
    if (parsed.success && faults.length === 0) return { file: file.name, city: parsed.data };
    return problemsOf(file.name, configured, faults);
  } catch (error) {
    if (error instanceof UnusableFile) return [error.problem];
    throw error;
  }
}

function problemsOf(file: string, { lineOf }: Configured, faults: readonly Fault[]): readonly Problem[] {
  return faults.slice(0, MOST_PROBLEMS_OF_FILE).map(({ path, found, expected }) => ({
    file,
    place: `key ${shownPath(path)}, line ${lineOf(path)}`,
    found,
    expected,
  }));
}

/** Two files of one city would write over each other. */
function namesakes(cities: readonly NamedCity[]): readonly Problem[] {
  return cities.slice(1).flatMap(({ file, city }, at) => {
    const before = cities[at]!;
    if (before.city.city !== city.city) return [];
    const found = `${quoted(city.city)}, which ${before.file} configures too`;
    return [{ file, place: 'key city', found, expected: 'each city in one file' }];
  });
}
