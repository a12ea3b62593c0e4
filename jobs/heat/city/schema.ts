// The keys that a configuration may have, as its JSON schema lists them.
import { z } from 'zod';
import { city } from './city.ts';

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly [keyword: string]: unknown;
}

const schema = z.toJSONSchema(city, { target: 'draft-7', io: 'input', reused: 'inline' }) as JsonSchema;

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
