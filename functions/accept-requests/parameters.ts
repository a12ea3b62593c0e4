// The parameters of a request: those of its preset with its own over them, checked by the pipeline and by the preset.
import type { z } from 'zod';
import type { ApiProblem } from '../../shared/api/problems.ts';
import { invalidRequest, placesOf } from '../../shared/api/serve.ts';
import type { Parameters, Requests } from '../../shared/pipelines/requests.ts';

interface Chosen {
  readonly preset?: string | undefined;
  readonly parameters?: Parameters | undefined;
}

/** The pointer of the parameters in the body of a request. */
export const BELOW = '/parameters';

/** Throws an `ApiProblem` that names every place. Defaults of the schema are filled in. */
export function parametersOf(
  { parameters: schema, presets }: Requests,
  chosen: Chosen,
  below = BELOW,
): Parameters {
  const preset = chosen.preset === undefined ? undefined : presetNamed(presets, chosen.preset);
  const merged = { ...preset?.parameters, ...chosen.parameters };
  const read = schema.safeParse(merged);
  if (!read.success) throw invalidRequest(read.error.issues.flatMap((issue) => placesOf(issue, below)));
  const bounded = preset?.bounds?.safeParse(merged);
  if (bounded?.success === false) throw beyondPreset(chosen.preset ?? '', bounded.error.issues);
  return read.data;
}

function presetNamed(presets: Requests['presets'], name: string) {
  const found = Object.hasOwn(presets, name) ? presets[name] : undefined;
  if (found !== undefined) return found;
  const known = Object.keys(presets).join(', ');
  throw invalidRequest([
    {
      pointer: '/preset',
      detail: `unknown preset; expected ${known === '' ? 'none: the pipeline has none' : `one of ${known}`}`,
    },
  ]);
}

/** A bound names the fields that it knows; others are for the pipeline's schema. */
function beyondPreset(preset: string, issues: readonly z.core.$ZodIssue[]): ApiProblem {
  const places = issues.flatMap((issue) => placesOf(issue, BELOW));
  return invalidRequest(
    places.map((place) => ({ ...place, detail: `${place.detail} (a bound of the preset ${preset})` })),
  );
}
