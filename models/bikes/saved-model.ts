// A model as XGBoost saves it, in UBJSON or JSON: its parts by name, each checked on the way out.
import { decodeUbjson, PackedNumbers } from './ubjson.ts';

/** A part of a saved model, and its place in it for errors. */
export interface Part {
  readonly value: unknown;
  readonly path: string;
}

export type Numbers = ArrayLike<number>;

const JSON_OPENING = /^\s*\{\s*"/;
// XGBoost writes the threshold of a split by categories as NaN, which is no JSON.
const NOT_A_NUMBER = /([[,:]\s*)-?NaN(?=\s*[,\]}])/g;

/** Throws an `Error` if the bytes are neither JSON nor UBJSON. */
export function openModel(bytes: Uint8Array): Part {
  const opening = String.fromCharCode(...bytes.subarray(0, 64));
  try {
    return { value: JSON_OPENING.test(opening) ? fromJson(bytes) : decodeUbjson(bytes), path: '' };
  } catch (cause) {
    throw new Error(`the model is neither UBJSON nor JSON: ${(cause as Error).message}`, { cause });
  }
}

const fromJson = (bytes: Uint8Array): unknown =>
  JSON.parse(
    new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(NOT_A_NUMBER, '$1null'),
  ) as unknown;

export function wrongPart({ path }: Part, found: string, expected: string): Error {
  return new Error(
    `the model is wrong: ${path === '' ? 'the whole' : path}: found ${found}; expected ${expected}`,
  );
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof PackedNumbers);

/** The part of that name, which may be absent. */
export function partOf(of: Part, name: string): Part | undefined {
  if (!isObject(of.value)) throw wrongPart(of, shownType(of.value), 'an object');
  const path = of.path === '' ? name : `${of.path}.${name}`;
  return Object.hasOwn(of.value, name) ? { value: of.value[name], path } : undefined;
}

export function part(of: Part, ...names: readonly string[]): Part {
  let within = of;
  for (const name of names) {
    const found = partOf(within, name);
    if (found === undefined) throw wrongPart({ ...within, path: `${within.path}.${name}` }, 'nothing', 'it');
    within = found;
  }
  return within;
}

export function textOf(of: Part): string {
  if (typeof of.value !== 'string') throw wrongPart(of, shownType(of.value), 'a text');
  return of.value;
}

/** XGBoost writes the numbers of its parameters as texts. */
export function countOf(of: Part): number {
  const text = textOf(of);
  if (!/^\d{1,9}$/.test(text)) throw wrongPart(of, JSON.stringify(text.slice(0, 40)), 'a whole number');
  return Number(text);
}

export function elementsOf(of: Part): readonly Part[] {
  if (!Array.isArray(of.value)) throw wrongPart(of, shownType(of.value), 'an array');
  return of.value.map((value: unknown, index) => ({ value, path: `${of.path}[${index}]` }));
}

/** How many numbers there are. */
export function lengthOf(of: Part): number {
  const { value } = of;
  if (value instanceof PackedNumbers || Array.isArray(value)) return value.length;
  throw wrongPart(of, shownType(value), 'an array of numbers');
}

/** `length` numbers, of which null, in JSON, is NaN. */
function numbersOf(of: Part, length?: number): Numbers {
  const { value } = of;
  if (length !== undefined) expectLength(of, length);
  return value instanceof PackedNumbers ? value.unpacked() : fromArray(of);
}

function expectLength(of: Part, length: number): void {
  const found = lengthOf(of);
  if (found !== length) throw wrongPart(of, `${found} elements`, `${length}`);
}

/** Fills the front of `into` with `length` numbers, as single precision has them. */
export function fillFloats(of: Part, length: number, into: Float32Array): void {
  expectLength(of, length);
  if (of.value instanceof PackedNumbers && of.value.floatsInto(into)) return;
  into.set(numbersOf(of));
}

/** Fills the front of `into` with `length` whole numbers from `least` to `most`. */
export function fillWholes(
  of: Part,
  length: number,
  [least, most]: readonly [number, number],
  into: Int32Array,
): void {
  expectLength(of, length);
  if (!(of.value instanceof PackedNumbers && of.value.wholesInto(into))) {
    into.set(wholesOf(of, length, least, most));
    return;
  }
  for (let index = 0; index < length; index += 1)
    if (into[index]! < least || into[index]! > most) throw wrongWhole(of, index, into[index]!, least, most);
}

function fromArray(of: Part): Numbers {
  if (!Array.isArray(of.value)) throw wrongPart(of, shownType(of.value), 'an array of numbers');
  return (of.value as readonly unknown[]).map((element, index) => {
    if (element === null) return NaN;
    if (typeof element === 'boolean') return Number(element);
    if (typeof element === 'number') return element;
    throw wrongPart({ value: element, path: `${of.path}[${index}]` }, shownType(element), 'a number');
  });
}

/** Whole numbers from `least` to `most`. */
export function wholesOf(of: Part, length: number | undefined, least: number, most: number): Numbers {
  const numbers = numbersOf(of, length);
  for (let index = 0; index < numbers.length; index += 1) {
    const number = numbers[index]!;
    if (!Number.isInteger(number) || number < least || number > most)
      throw wrongWhole(of, index, number, least, most);
  }
  return numbers;
}

const wrongWhole = ({ path }: Part, index: number, number: number, least: number, most: number): Error =>
  wrongPart(
    { value: number, path: `${path}[${index}]` },
    String(number),
    `a whole number from ${least} to ${most}`,
  );

const shownType = (value: unknown): string => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  return value instanceof PackedNumbers ? 'an array of numbers' : `a value of type ${typeof value}`;
};
