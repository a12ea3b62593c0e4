// The JSON schemas of the OpenAPI document: those with an id are kept once, and referred to.
import { z } from 'zod';

export type Json = Record<string, unknown>;

const IN_DEFINITIONS = '#/$defs/';
const IN_COMPONENTS = '#/components/schemas/';

export class JsonSchemas {
  readonly named: Json = {};

  refer(schema: z.ZodType): Json {
    const made = z.toJSONSchema(schema, { io: 'input', reused: 'inline', unrepresentable: 'any' });
    const { $defs = {}, ...own } = plain(made) as Json & { $defs?: Json };
    Object.assign(this.named, $defs);
    return own;
  }
}

/** Without the dialect, which the document names once; references point to its components. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== '$schema')
      .map(([key, each]) => [
        key,
        key === '$ref' && typeof each === 'string'
          ? each.replace(IN_DEFINITIONS, IN_COMPONENTS)
          : plain(each),
      ]),
  );
}
