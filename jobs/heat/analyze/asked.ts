// What a request asks for, as the configuration of a city; or what is wrong with it, each problem by the field's pointer.
import { analyzeParameters } from '../../../models/heat/analyze.ts';
import { pointerOf } from '../../../shared/http/json-pointer.ts';
import type { InputProblem } from '../../../shared/outputs/manifest.ts';
import type { Parameters } from '../../../shared/pipelines/requests.ts';
import type { City } from '../city/city.ts';
import { listed, quoted } from '../formats/unusable.ts';

export type Asked =
  | { readonly kind: 'city'; readonly city: City }
  | { readonly kind: 'refused'; readonly problems: readonly InputProblem[] };

/** What problems are in, in place of a file. */
const PARAMETERS = 'parameters';

/** The city as the request wants it: maps, pictures and both kinds of report, of its period and threshold. */
export function askedOf(parameters: Parameters, cities: readonly City[]): Asked {
  const read = analyzeParameters.safeParse(parameters);
  if (!read.success)
    return refused(
      ...read.error.issues.map(({ path, message }) => problem(pointerOf(path), 'another value', message)),
    );
  const { city: name, period, threshold_celsius: threshold } = read.data;
  const names = cities.map(({ city }) => city);
  const found =
    name === undefined && cities.length === 1 ? cities[0] : cities.find(({ city }) => city === name);
  if (found === undefined) {
    const what = name === undefined ? `none, and ${names.length} are configured` : quoted(name);
    return refused(problem('/city', what, `one of the configured cities: ${listed(names)}`));
  }
  return {
    kind: 'city',
    city: {
      ...found,
      period: period ?? found.period,
      mode: { ...found.mode, dry_run: false },
      indicators: {
        ...found.indicators,
        threshold_celsius: threshold ?? found.indicators.threshold_celsius,
      },
      output: {
        ...found.output,
        // A store is a folder of files, and an attachment is one file.
        formats: ['geotiff', 'png'],
        report: { format: ['html', 'pdf'], include_maps: true, include_metrics: true },
      },
    },
  };
}

const refused = (...problems: readonly InputProblem[]): Asked => ({ kind: 'refused', problems });

const problem = (column: string, found: string, expected: string): InputProblem => ({
  file: PARAMETERS,
  column,
  found,
  expected,
  message: `${column === '' ? PARAMETERS : column}: found ${found}; expected ${expected}`,
});

/** Without what the requester sent, which can be erased while the reason is kept. */
export const reasonOf = (problems: readonly InputProblem[]): string =>
  problems
    .map(({ column = '', expected }) => `${column === '' ? PARAMETERS : column}: expected ${expected}`)
    .join('; ');
