// Partial answers: the `fields` parameter of Google's JSON APIs.
import { ApiError, notImplemented } from './errors.ts';

/**
 * A field of an answer: `true` is a leaf, `map` has keys of any name, and `not-served` is what only the real API
 * answers with.
 */
export type Field = true | 'map' | 'not-served' | Shape;

/** The fields an answer may have. */
export interface Shape {
  readonly [field: string]: Field;
}

/** Cuts an answer down to what was asked for. */
export type Mask = (answer: object) => object;

type Selection = Map<string, Selection | 'all'>;

/**
 * Reads a mask such as `nextPageToken,files(id,name)` or `files/id`; `*` takes everything. Throws `ApiError`
 * 400 for a field that `shape` does not have, 501 for one that only the real API serves.
 */
export function parseFields(text: string, shape: Shape): Mask {
  const tokens = text.replace(/\s/g, '').match(/[A-Za-z0-9_*]+|[(),/]|[^A-Za-z0-9_*(),/]+/g) ?? [];
  const reader = { tokens, next: 0, text };
  const selection = readList(reader, shape);
  if (reader.next < tokens.length) throw badSelection(text);
  return (answer) => cut(answer, selection) as object;
}

interface Reader {
  readonly tokens: readonly string[];
  readonly text: string;
  next: number;
}

function readList(reader: Reader, shape: Shape | 'map'): Selection {
  const selection: Selection = new Map();
  do readItem(reader, shape, selection);
  while (take(reader, ','));
  return selection;
}

function readItem(reader: Reader, shape: Shape | 'map', selection: Selection): void {
  const field = reader.tokens[reader.next++];
  if (field === undefined || !/^[A-Za-z0-9_*]+$/.test(field)) throw badSelection(field ?? reader.text);
  if (field === '*') {
    if (shape === 'map') throw badSelection(field);
    for (const every of Object.keys(shape)) selection.set(every, 'all');
    return;
  }
  const inner = shape === 'map' ? true : Object.hasOwn(shape, field) ? shape[field] : undefined;
  if (inner === 'not-served') throw notImplemented(`the field ${field}`);
  if (inner === undefined) throw badSelection(field);
  const deeper = readInner(reader, inner, field);
  const before = selection.get(field);
  if (deeper === 'all' || before === 'all') selection.set(field, 'all');
  else selection.set(field, new Map([...(before ?? []), ...deeper]));
}

function readInner(reader: Reader, inner: true | 'map' | Shape, field: string): Selection | 'all' {
  const opens = take(reader, '(');
  if (!opens && !take(reader, '/')) return 'all';
  if (inner === true) throw badSelection(`${field}${opens ? '(' : '/'}${reader.tokens[reader.next] ?? ''}`);
  if (opens) {
    const list = readList(reader, inner);
    if (!take(reader, ')')) throw badSelection(reader.text);
    return list;
  }
  const one: Selection = new Map();
  readItem(reader, inner, one);
  return one;
}

function take(reader: Reader, token: string): boolean {
  if (reader.tokens[reader.next] !== token) return false;
  reader.next++;
  return true;
}

function cut(value: unknown, selection: Selection | 'all'): unknown {
  if (selection === 'all' || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => cut(one, selection));
  return Object.fromEntries(
    Object.entries(value).flatMap(([field, inner]) => {
      const wanted = selection.get(field);
      return wanted === undefined ? [] : [[field, cut(inner, wanted)]];
    }),
  );
}

const badSelection = (what: string) =>
  new ApiError(400, 'invalidParameter', `Invalid field selection ${what}`, 'fields');
