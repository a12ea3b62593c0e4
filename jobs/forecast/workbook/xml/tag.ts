// One opening tag and its attributes, as offsets into the bytes: a sheet has millions, and few are of interest.
import { unusable } from '../unusable.ts';
import type { Name, Names, Scope } from './names.ts';
import { textAt } from './text.ts';

const GREATER = 62;
const LESS = 60;
const SLASH = 47;
const EQUALS = 61;
const DOUBLE_QUOTE = 34;
const SINGLE_QUOTE = 39;
const SPACE = 32;
const MOST_ATTRIBUTES = 256;

/** The token continues in the next piece. */
export const INCOMPLETE = -1;

export class Tag {
  name!: Name;
  isEmpty = false;
  bytes: Buffer = Buffer.alloc(0);
  count = 0;
  readonly names: Name[] = [];
  readonly starts = new Int32Array(MOST_ATTRIBUTES);
  readonly ends = new Int32Array(MOST_ATTRIBUTES);
  readonly #part: string;
  readonly #known: Names;
  #number = 0;

  constructor(part: string, known: Names) {
    this.#part = part;
    this.#known = known;
  }

  /** Reads the tag that opens at `at`; gives the offset after it. Throws `UnusableWorkbook`. */
  read(bytes: Buffer, at: number): number {
    this.bytes = bytes;
    this.count = 0;
    this.#number += 1;
    const nameEnd = wordEnd(bytes, at + 1);
    if (nameEnd >= bytes.length) return INCOMPLETE;
    if (nameEnd === at + 1) throw this.#broken('a tag has no name');
    let next = spaceEnd(bytes, nameEnd);
    while (next < bytes.length) {
      if (bytes[next] === GREATER || bytes[next] === SLASH) {
        this.isEmpty = bytes[next] === SLASH;
        const end = this.isEmpty ? next + 1 : next;
        if (end >= bytes.length) return INCOMPLETE;
        if (bytes[end] !== GREATER) throw this.#broken('a tag holds a stray /');
        this.name = this.#known.at(bytes, at + 1, nameEnd);
        return end + 1;
      }
      if ((bytes[next - 1] ?? 0) > SPACE) throw this.#broken('two attributes without a space between them');
      const end = this.#attribute(bytes, next);
      if (end === INCOMPLETE) return INCOMPLETE;
      next = spaceEnd(bytes, end);
    }
    return INCOMPLETE;
  }

  /** The value of an attribute without a prefix. */
  attribute(raw: string): string | undefined {
    for (let index = 0; index < this.count; index += 1) {
      if (this.names[index]?.raw === raw) return this.value(index);
    }
    return undefined;
  }

  /** The value of an attribute of one of the namespaces, whatever its prefix. */
  attributeIn(scope: Scope, uris: ReadonlySet<string>, local: string): string | undefined {
    let found: string | undefined;
    for (let index = 0; index < this.count; index += 1) {
      const name = this.names[index];
      if (name === undefined || name.prefix === '' || name.local !== local) continue;
      if (!uris.has(name.uriIn(scope) ?? '')) continue;
      if (found !== undefined) throw this.#broken(`two attributes ${local} in one tag`);
      found = this.value(index);
    }
    return found;
  }

  value(index: number): string {
    return textAt(this.bytes, this.starts[index] ?? 0, this.ends[index] ?? 0, false, this.#part);
  }

  #broken(what: string): Error {
    return unusable(`malformed XML in ${this.#part}: ${what}`);
  }

  #attribute(bytes: Buffer, start: number): number {
    const nameEnd = wordEnd(bytes, start);
    const equals = spaceEnd(bytes, nameEnd);
    const quoteAt = spaceEnd(bytes, equals + 1);
    if (quoteAt >= bytes.length) return INCOMPLETE;
    if (nameEnd === start || bytes[equals] !== EQUALS) throw this.#broken('a tag holds what is no attribute');
    const quote = bytes[quoteAt];
    if (quote !== DOUBLE_QUOTE && quote !== SINGLE_QUOTE) {
      throw this.#broken('an attribute has a value without quotes');
    }
    let end = quoteAt + 1;
    while (end < bytes.length && bytes[end] !== quote) {
      if (bytes[end] === LESS) throw this.#broken('it breaks off inside a tag');
      end += 1;
    }
    if (end >= bytes.length) return INCOMPLETE;
    const name = this.#known.at(bytes, start, nameEnd);
    if (name.lastTag === this.#number) throw this.#broken(`two attributes ${name.raw} in one tag`);
    if (this.count === MOST_ATTRIBUTES)
      throw this.#broken(`more than ${MOST_ATTRIBUTES} attributes in one tag`);
    // A tag that went on in the next piece is read again, and is another one then.
    name.lastTag = this.#number;
    this.names[this.count] = name;
    this.starts[this.count] = quoteAt + 1;
    this.ends[this.count] = end;
    this.count += 1;
    return end + 1;
  }
}

function wordEnd(bytes: Buffer, from: number): number {
  let at = from;
  for (; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte <= SPACE || byte === EQUALS || byte === GREATER || byte === SLASH || byte === LESS) break;
    if (byte === DOUBLE_QUOTE || byte === SINGLE_QUOTE) break;
  }
  return at;
}

function spaceEnd(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && (bytes[at] ?? 0) <= SPACE) at += 1;
  return at;
}
