// Cuts the XML of a part into tags and text in one pass, and holds it to being well formed: a sheet that
// breaks off must not pass for a shorter one.
import { unusable } from '../unusable.ts';
import { Names, type Name } from './names.ts';
import { INCOMPLETE, Tag } from './tag.ts';

const LESS = 60;
const GREATER = 62;
const SLASH = 47;
const BANG = 33;
const QUESTION = 63;
const SPACE = 32;
const DEEPEST = 64;
/** Excel's longest text has 32,767 characters, of some twelve bytes each at most. */
const LONGEST_TOKEN_BYTES = 1024 * 1024;
const COMMENT = Buffer.from('<!--');
const LITERAL = Buffer.from('<![CDATA[');

export interface TokenHandler {
  /** `tag` is good until the next token. */
  open(tag: Tag): void;
  /** Text between two offsets; `isLiteral` (CDATA) has no references in it. */
  text(bytes: Buffer, start: number, end: number, isLiteral: boolean): void;
  close(): void;
}

/** Takes a part's UTF-8, proven to be such, in pieces. Throws `UnusableWorkbook`. */
export class Tokenizer {
  readonly #part: string;
  readonly #handler: TokenHandler;
  readonly #names: Names;
  readonly #tag: Tag;
  readonly #path: Name[] = [];
  #window: Buffer = Buffer.alloc(0);
  #roots = 0;

  constructor(part: string, handler: TokenHandler) {
    this.#part = part;
    this.#handler = handler;
    this.#names = new Names(part);
    this.#tag = new Tag(part, this.#names);
  }

  /** Hands over all tokens that are whole, until `isDone` says that the rest is of no concern. */
  push(chunk: Buffer, isDone: () => boolean): void {
    const kept = this.#window.length;
    const window = kept === 0 ? chunk : Buffer.concat([this.#window, chunk]);
    let at = 0;
    while (at < window.length && !isDone()) {
      const next = window[at] === LESS ? this.#markup(window, at) : this.#text(window, at);
      if (next === INCOMPLETE) break;
      at = next;
    }
    this.#window = window.subarray(at);
    if (this.#window.length > LONGEST_TOKEN_BYTES) {
      throw this.#broken(`a tag, a text or a comment of more than ${LONGEST_TOKEN_BYTES} bytes`);
    }
  }

  end(): void {
    const rest = this.#window.toString('utf8');
    if (rest.startsWith('<')) throw this.#broken('it breaks off inside a tag');
    const open = this.#path.at(-1);
    if (open !== undefined) throw this.#broken(`<${open.raw}> is not closed`);
    if (this.#roots === 0) throw this.#broken('there is no tag');
    if (rest.trim() !== '') throw this.#broken('text follows the last tag');
  }

  #broken(what: string): Error {
    return unusable(`malformed XML in ${this.#part}: ${what}`);
  }

  #text(window: Buffer, at: number): number {
    let end = at;
    let isBlank = true;
    while (end < window.length && window[end] !== LESS) {
      if ((window[end] ?? 0) > SPACE) isBlank = false;
      end += 1;
    }
    if (end === window.length) return INCOMPLETE;
    if (this.#path.length > 0) this.#handler.text(window, at, end, false);
    else if (!isBlank) throw this.#broken(this.#roots === 0 ? 'there is no tag' : 'text outside of the root');
    return end;
  }

  #markup(window: Buffer, at: number): number {
    const next = window[at + 1];
    if (next === SLASH) return this.#closing(window, at);
    if (next === QUESTION) return after(window, '?>', at + 2);
    if (next === BANG) return this.#bang(window, at);
    return next === undefined ? INCOMPLETE : this.#opening(window, at);
  }

  #bang(window: Buffer, at: number): number {
    const begins = (mark: Buffer): boolean =>
      window.subarray(at, at + mark.length).equals(mark.subarray(0, window.length - at));
    if (begins(COMMENT)) return after(window, '-->', at + COMMENT.length);
    if (!begins(LITERAL)) throw this.#broken('a document type is declared, which workbooks never do');
    const end = after(window, ']]>', at + LITERAL.length);
    if (end === INCOMPLETE) return INCOMPLETE;
    if (this.#path.length === 0) throw this.#broken('text outside of the root');
    this.#handler.text(window, at + LITERAL.length, end - 3, true);
    return end;
  }

  #closing(window: Buffer, at: number): number {
    let nameEnd = at + 2;
    while ((window[nameEnd] ?? 0) > SPACE && window[nameEnd] !== GREATER) nameEnd += 1;
    let end = nameEnd;
    while (end < window.length && (window[end] ?? 0) <= SPACE) end += 1;
    if (end >= window.length) return INCOMPLETE;
    if (window[end] !== GREATER) throw this.#broken('a closing tag holds more than its name');
    const open = this.#path.pop();
    if (open === undefined) throw this.#broken('a tag is closed that was never opened');
    if (this.#names.at(window, at + 2, nameEnd) !== open) throw this.#broken(`<${open.raw}> is not closed`);
    this.#handler.close();
    return end + 1;
  }

  #opening(window: Buffer, at: number): number {
    const tag = this.#tag;
    const end = tag.read(window, at);
    if (end === INCOMPLETE) return INCOMPLETE;
    if (this.#path.length === 0) this.#roots += 1;
    if (this.#roots > 1) throw this.#broken('there is more than one root');
    if (this.#path.length === DEEPEST) throw this.#broken(`tags are nested more than ${DEEPEST} deep`);
    this.#handler.open(tag);
    if (tag.isEmpty) this.#handler.close();
    else this.#path.push(tag.name);
    return end;
  }
}

/** The offset after the next `mark`, which ends what it stands in. */
function after(window: Buffer, mark: string, from: number): number {
  const found = window.indexOf(mark, from);
  return found === -1 ? INCOMPLETE : found + mark.length;
}
