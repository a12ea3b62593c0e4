// The JSON schema of a configuration, as its Zod schema defines it; `city.schema.json` is the same, for editors.
import { z } from 'zod';
import { city } from './city.ts';

const TITLE = 'The configuration of a city of the heat pipeline';

/** Draft 07, of what a file may say: keys that have a default are optional. */
export const citySchema = (): JsonSchema => ({
  ...(z.toJSONSchema(city, { target: 'draft-07', io: 'input', reused: 'inline' }) as JsonSchema),
  title: TITLE,
});

export interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly [keyword: string]: unknown;
}

const schema = citySchema();

/** The keys of the group at `path`; empty where it has none of its own. */
export function keysAt(path: readonly PropertyKey[]): readonly string[] {
  let at: JsonSchema | undefined = schema;
  for (const step of path) at = at?.properties?.[String(step)];
  return Object.keys(at?.properties ?? {});
}

/** Every key, as its path: `grid.resolution_m`. */
export function allKeys(within: JsonSchema = schema, before: readonly string[] = []): readonly string[] {
  return Object.entries(within.properties ?? {}).flatMap(([key, inner]) => [
    [...before, key].join('.'),
    ...allKeys(inner, [...before, key]),
  ]);
}
