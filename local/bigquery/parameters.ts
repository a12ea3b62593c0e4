// Reads the named parameters of a query. Their values are bound, never pasted into SQL.
import { invalid, notImplemented } from '../http/errors.ts';
import type { Parameter } from './sql/scope.ts';
import { canonicalType } from './types.ts';

interface WireParameter {
  readonly name?: string;
  readonly parameterType?: { readonly type?: string; readonly arrayType?: { readonly type?: string } };
  readonly parameterValue?: {
    readonly value?: unknown;
    readonly arrayValues?: readonly { readonly value?: unknown }[];
  };
}

const MOST_PARAMETERS = 10_000;

/** Parameters by lower-case name. Throws 400 for a type it does not know, 501 for positional ones. */
export function readParameters(given: unknown, mode: unknown): Map<string, Parameter> {
  const list = (given ?? []) as WireParameter[];
  if (list.length > MOST_PARAMETERS) throw invalid(`Too many query parameters: ${list.length}`);
  if (list.length > 0 && String(mode ?? 'NAMED').toUpperCase() !== 'NAMED')
    throw notImplemented('positional query parameters');
  return new Map(list.map((each) => [readName(each), readParameter(each)]));
}

function readName({ name }: WireParameter): string {
  if (!name || !/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name))
    throw invalid(`Invalid query parameter name: ${name ?? ''}`);
  return name.toLowerCase();
}

function readParameter({ name, parameterType, parameterValue }: WireParameter): Parameter {
  const type = parameterType?.type?.toUpperCase();
  if (!type) throw invalid(`Query parameter '${name}' has no type`);
  if (type === 'ARRAY') {
    const elementType = canonicalType(parameterType?.arrayType?.type ?? '');
    const items = parameterValue?.arrayValues ?? [];
    return { type, elementType, value: items.map(({ value }) => asText(value)) };
  }
  return { type: canonicalType(type), value: asText(parameterValue?.value) };
}

const asText = (value: unknown): string | null =>
  value === null || value === undefined ? null : String(value);
