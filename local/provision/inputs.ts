// Reads a resource's inputs: each must be known, however deep, or the local cloud would silently leave something out.
import type { Resource } from '../service.ts';

export type Inputs = Readonly<Record<string, unknown>>;

type Scalar = string | number | boolean;

/**
 * What is known of an input: `value` is one value, or a list of values; a list is all the values that are taken;
 * `texts` has keys of any name; an object has the inputs that it names, and so has each item of a list of objects.
 */
export type Known = 'value' | 'texts' | readonly Scalar[] | Shape;

export interface Shape {
  readonly [input: string]: Known;
}

/** Throws when the resource has an input that the shape does not name, or a value that it does not take. */
export function knownInputs(resource: Resource, shape: Shape): Inputs {
  const of = `of ${resource.name} (${resource.type})`;
  const found = [...leaves(resource.inputs, shape, '')];
  const unknown = found.filter(({ known }) => known === undefined).map(({ path }) => path);
  if (unknown.length > 0)
    throw new Error(`the local cloud does not know the input ${unknown.join(', ')} ${of}`);
  for (const { path, value, known } of found) {
    const expected = expectedOf(known, value);
    if (expected !== undefined)
      throw new Error(
        `the local cloud refuses the input ${path} ${of}: found ${JSON.stringify(value)}, expected ${expected}`,
      );
  }
  return resource.inputs;
}

interface Leaf {
  /** `template.containers[0].image`. */
  readonly path: string;
  readonly value: unknown;
  readonly known: Known | 'text' | undefined;
}

/** Every value with what is known of it; of what no shape names, the outermost input. Undefined is absent. */
function* leaves(value: unknown, known: Leaf['known'], path: string): Generator<Leaf> {
  if (value === undefined) return;
  if (known !== undefined && Array.isArray(value))
    for (const [index, item] of value.entries()) yield* leaves(item, known, `${path}[${index}]`);
  else if (known !== undefined && isGroup(value))
    for (const [key, inner] of Object.entries(value))
      yield* leaves(inner, knownAt(known, key), path === '' ? key : `${path}.${key}`);
  else yield { path, value, known };
}

function knownAt(known: Leaf['known'], key: string): Leaf['known'] {
  if (known === 'texts') return 'text';
  return isShape(known) && Object.hasOwn(known, key) ? known[key] : undefined;
}

/** What would be right in place of the value; undefined when the value is. */
function expectedOf(known: Leaf['known'], value: unknown): string | undefined {
  if (known === 'texts' || isShape(known)) return 'an object';
  if (known === 'text') return typeof value === 'string' ? undefined : 'a text';
  if (known === 'value' || known === undefined) return undefined;
  return known.some((each) => each === value)
    ? undefined
    : known.map((each) => JSON.stringify(each)).join(' or ');
}

const isGroup = (value: unknown): value is Inputs =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isShape = (known: Leaf['known']): known is Shape => typeof known === 'object' && !Array.isArray(known);

export function text(inputs: Inputs, key: string): string {
  const value = inputs[key];
  if (typeof value === 'string') return value;
  throw new TypeError(`expected ${key} to be text, found ${JSON.stringify(value)}`);
}

export const optionalText = (inputs: Inputs, key: string): string | undefined =>
  inputs[key] === undefined ? undefined : text(inputs, key);

export const optionalGroup = (inputs: Inputs, key: string): Inputs | undefined =>
  inputs[key] === undefined ? undefined : group(inputs, key);

export const optionalCount = (inputs: Inputs, key: string): number | undefined =>
  inputs[key] === undefined ? undefined : count(inputs, key);

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

/** The only item of a list, such as the containers of a job; `what` names the list. */
export function onlyOne<Item>(items: readonly Item[], what: string): Item {
  const [only] = items;
  if (only !== undefined && items.length === 1) return only;
  throw new Error(`the local cloud takes one of the ${what}, found ${items.length}`);
}

export function list(inputs: Inputs, key: string): readonly string[] {
  const value = inputs[key];
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw new TypeError(`expected ${key} to be a list of texts, found ${JSON.stringify(value)}`);
}

/** An object whose values are all text, such as environment variables. */
export const texts = (inputs: Inputs): Record<string, string> =>
  Object.fromEntries(Object.keys(inputs).map((key) => [key, text(inputs, key)]));
