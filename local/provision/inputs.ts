// Reads a resource's inputs: each must be known, or the local cloud would silently leave something out.
import type { Resource } from '../service.ts';

type Inputs = Readonly<Record<string, unknown>>;

/** Throws when an input stands in the resource that the local cloud knows nothing of. */
export function knownInputs(resource: Resource, known: readonly string[]): Inputs {
  const unknown = Object.keys(resource.inputs).filter((input) => !known.includes(input));
  if (unknown.length === 0) return resource.inputs;
  throw new Error(
    `the local cloud does not know the input ${unknown.join(', ')} of ${resource.name} (${resource.type})`,
  );
}

export function text(inputs: Inputs, key: string): string {
  const value = inputs[key];
  if (typeof value === 'string') return value;
  throw new TypeError(`expected ${key} to be text, found ${JSON.stringify(value)}`);
}

export const optionalText = (inputs: Inputs, key: string): string | undefined =>
  inputs[key] === undefined ? undefined : text(inputs, key);

export function count(inputs: Inputs, key: string): number {
  const value = inputs[key];
  if (typeof value === 'number') return value;
  throw new TypeError(`expected ${key} to be a number, found ${JSON.stringify(value)}`);
}

export function group(inputs: Inputs, key: string): Inputs {
  const value = inputs[key];
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Inputs;
  throw new TypeError(`expected ${key} to be an object, found ${JSON.stringify(value)}`);
}

export function groups(inputs: Inputs, key: string): readonly Inputs[] {
  const value = inputs[key];
  if (Array.isArray(value)) return value as Inputs[];
  throw new TypeError(`expected ${key} to be a list, found ${JSON.stringify(value)}`);
}

export function list(inputs: Inputs, key: string): readonly string[] {
  const value = inputs[key];
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw new TypeError(`expected ${key} to be a list of texts, found ${JSON.stringify(value)}`);
}

/** An object whose values are all text, such as environment variables. */
export const texts = (inputs: Inputs): Record<string, string> =>
  Object.fromEntries(Object.keys(inputs).map((key) => [key, text(inputs, key)]));
