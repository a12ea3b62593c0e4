// The part of Pub/Sub's filter language that the mesh may use: attribute tests joined by AND, with NOT.
import { invalid, notImplemented } from '../http/errors.ts';

export type Filter = (attributes: Readonly<Record<string, string>>) => boolean;

// key = "v" | key != "v" | :key (has key) | hasPrefix(attributes.key, "v")
const KEY = String.raw`([A-Za-z_][\w-]*|"(?:[^"\\]|\\.)*")`;
const TEXT = String.raw`("(?:[^"\\]|\\.)*")`;
const COMPARISON = new RegExp(String.raw`^attributes\.${KEY}\s*(=|!=)\s*${TEXT}`);
const PRESENCE = new RegExp(String.raw`^attributes\s*:\s*${KEY}`);
const PREFIX = new RegExp(String.raw`^hasPrefix\s*\(\s*attributes\.${KEY}\s*,\s*${TEXT}\s*\)`);
const LONGEST_FILTER_BYTES = 256;

/**
 * Parses a filter. 400 when it is too long, 501 when it uses what is not known here (OR, parentheses): the
 * local cloud does not guess which of the two an odd expression is.
 */
export function parseFilter(text: string): Filter {
  if (Buffer.byteLength(text) > LONGEST_FILTER_BYTES) {
    throw invalid(`Invalid filter: the filter is longer than ${LONGEST_FILTER_BYTES} bytes.`);
  }
  const tests: Filter[] = [];
  let rest = text.trim();
  while (rest !== '') {
    if (tests.length > 0) {
      const and = /^AND\s+/.exec(rest);
      if (and === null) throw unknownPart(rest);
      rest = rest.slice(and[0].length);
    }
    const negation = /^(NOT\s+|-)/.exec(rest);
    rest = rest.slice(negation?.[0].length ?? 0);
    const { test, length } = parseTest(rest);
    tests.push(negation === null ? test : (attributes) => !test(attributes));
    rest = rest.slice(length).trimStart();
  }
  return (attributes) => tests.every((test) => test(attributes));
}

function parseTest(text: string): { test: Filter; length: number } {
  const comparison = COMPARISON.exec(text);
  if (comparison !== null) {
    const [whole, key, operator, quoted] = comparison as unknown as [string, string, string, string];
    const name = unquote(key);
    const value = unquote(quoted);
    // An absent attribute differs from every value.
    const equal: Filter = (attributes) => attributes[name] === value;
    return { test: operator === '=' ? equal : (attributes) => !equal(attributes), length: whole.length };
  }
  const prefix = PREFIX.exec(text);
  if (prefix !== null) {
    const [whole, key, quoted] = prefix as unknown as [string, string, string];
    const name = unquote(key);
    const start = unquote(quoted);
    return { test: (attributes) => attributes[name]?.startsWith(start) ?? false, length: whole.length };
  }
  const presence = PRESENCE.exec(text);
  if (presence !== null) {
    const [whole, key] = presence as unknown as [string, string];
    const name = unquote(key);
    return { test: (attributes) => attributes[name] !== undefined, length: whole.length };
  }
  throw unknownPart(text);
}

const unknownPart = (text: string) => notImplemented(`this part of a subscription filter: ${text}`);

const unquote = (text: string) => (text.startsWith('"') ? text.slice(1, -1).replace(/\\(.)/g, '$1') : text);
