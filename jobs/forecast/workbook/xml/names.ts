// The names of a part's tags and attributes: each kept once, so that two are compared by identity.
import { unusable } from '../unusable.ts';

const BUCKETS = 256;
const MOST_NAMES = 4_096;
const LONGEST_NAME_BYTES = 256;
const NAME = /^[\p{L}_][\p{L}\p{N}\p{M}_.\-·]*(:[\p{L}_][\p{L}\p{N}\p{M}_.\-·]*)?$/u;

/** The namespaces declared on one tag, over those of the tags around it. */
export interface Scope {
  readonly outer: Scope | undefined;
  readonly declared: ReadonlyMap<string, string>;
}

export class Name {
  readonly raw: string;
  readonly prefix: string;
  readonly local: string;
  readonly bytes: Buffer;
  /** The last tag that had an attribute of this name, by its number: no tag may have two. */
  lastTag = 0;
  #scope: Scope | undefined;
  #uri: string | undefined;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
    this.raw = bytes.toString('utf8');
    const colon = this.raw.indexOf(':');
    this.prefix = colon === -1 ? '' : this.raw.slice(0, colon);
    this.local = this.raw.slice(colon + 1);
  }

  /** The namespace of the prefix; '' for none declared without a prefix, undefined for an unknown prefix. */
  uriIn(scope: Scope): string | undefined {
    if (scope === this.#scope) return this.#uri;
    let at: Scope | undefined = scope;
    while (at !== undefined && !at.declared.has(this.prefix)) at = at.outer;
    this.#scope = scope;
    this.#uri = at?.declared.get(this.prefix) ?? (this.prefix === '' ? '' : undefined);
    return this.#uri;
  }
}

export class Names {
  readonly #part: string;
  readonly #buckets: Name[][] = Array.from({ length: BUCKETS }, () => []);
  #count = 0;

  constructor(part: string) {
    this.#part = part;
  }

  /** Throws `UnusableWorkbook` for what is no name. */
  at(bytes: Buffer, start: number, end: number): Name {
    const length = end - start;
    const bucket = this.#buckets[hashOf(bytes, start, end)] ?? [];
    for (const name of bucket)
      if (name.bytes.length === length && isSame(name.bytes, bytes, start)) return name;
    const name = new Name(Buffer.from(bytes.subarray(start, Math.min(end, start + LONGEST_NAME_BYTES + 1))));
    if (length > LONGEST_NAME_BYTES || !NAME.test(name.raw)) {
      throw unusable(
        `malformed XML in ${this.#part}: "${name.raw.slice(0, 40)}" is no name of a tag or attribute`,
      );
    }
    this.#count += 1;
    if (this.#count > MOST_NAMES) {
      throw unusable(`more than ${MOST_NAMES} names of tags and attributes in ${this.#part}`);
    }
    bucket.push(name);
    return name;
  }
}

const hashOf = (bytes: Buffer, start: number, end: number): number => {
  let hash = end - start;
  for (let at = start; at < end; at += 1) hash = (hash * 31 + (bytes[at] ?? 0)) & 0xffff;
  return hash & (BUCKETS - 1);
};

function isSame(name: Buffer, bytes: Buffer, start: number): boolean {
  for (let at = 0; at < name.length; at += 1) if (name[at] !== bytes[start + at]) return false;
  return true;
}
