// The elements of a part that are of its own kind: namespaces resolved, foreign ones left out, alternatives chosen.
import type { Part } from '../package/package.ts';
import { unusable } from '../unusable.ts';
import { inUtf8 } from './encoding.ts';
import type { Scope } from './names.ts';
import type { Tag } from './tag.ts';
import { Tokenizer, type TokenHandler } from './tokens.ts';

const COMPATIBILITY = 'http://schemas.openxmlformats.org/markup-compatibility/2006';
const XML = 'http://www.w3.org/XML/1998/namespace';
const OUTERMOST: Scope = { outer: undefined, declared: new Map([['xml', XML]]) };

export interface ElementHandler {
  /** False leaves out the element with all that is in it. */
  open(local: string, tag: Tag, scope: Scope): boolean;
  text?(bytes: Buffer, start: number, end: number, isLiteral: boolean): void;
  close(): void;
  /** An element of another namespace, which the part does not declare as one to ignore. */
  foreign?(raw: string): void;
}

/**
 * Walks the elements of `namespaces` in one pass; elements without any namespace count as such where the root
 * has none. Ends early when `isDone`. Throws `UnusableWorkbook`.
 */
export async function walkElements(
  part: Part,
  root: string,
  namespaces: ReadonlySet<string>,
  handler: ElementHandler,
  isDone: () => boolean = () => false,
): Promise<void> {
  const walker = new Walker(part.name, root, namespaces, handler);
  const tokenizer = new Tokenizer(part.name, walker);
  for await (const chunk of inUtf8(part)) {
    tokenizer.push(chunk, isDone);
    if (isDone()) return;
  }
  tokenizer.end();
}

/** What became of an open element: handed over, looked through, or one of a choice. */
type Level = 'handed' | 'through' | { alternativeTaken: boolean };

class Walker implements TokenHandler {
  readonly #part: string;
  readonly #root: string;
  readonly #handler: ElementHandler;
  readonly #levels: Level[] = [];
  readonly #scopes: Scope[] = [];
  #namespaces: ReadonlySet<string>;
  #ignorable: ReadonlySet<string> = new Set();
  #scope = OUTERMOST;
  /** How deep inside of what is left out. */
  #skipped = 0;

  constructor(part: string, root: string, namespaces: ReadonlySet<string>, handler: ElementHandler) {
    this.#part = part;
    this.#root = root;
    this.#namespaces = namespaces;
    this.#handler = handler;
  }

  open(tag: Tag): void {
    if (this.#skipped > 0) {
      this.#skipped += 1;
      return;
    }
    this.#scopes.push(this.#scope);
    this.#scope = declaredBy(tag, this.#scope);
    const uri = tag.name.uriIn(this.#scope);
    if (uri === undefined) {
      throw unusable(`malformed XML in ${this.#part}: the prefix of <${tag.name.raw}> is not declared`);
    }
    if (this.#levels.length === 0) this.#proveRoot(tag, uri);
    const level = this.#levelOf(tag, uri);
    if (level === undefined) this.#skipped = 1;
    else this.#levels.push(level);
  }

  text(bytes: Buffer, start: number, end: number, isLiteral: boolean): void {
    if (this.#skipped === 0) this.#handler.text?.(bytes, start, end, isLiteral);
  }

  close(): void {
    if (this.#skipped > 0) {
      this.#skipped -= 1;
      if (this.#skipped > 0) return;
    } else if (this.#levels.pop() === 'handed') {
      this.#handler.close();
    }
    this.#scope = this.#scopes.pop() ?? OUTERMOST;
  }

  #proveRoot(tag: Tag, uri: string): void {
    if (uri === '') this.#namespaces = new Set([...this.#namespaces, '']);
    if (tag.name.local !== this.#root || !this.#namespaces.has(uri)) {
      throw unusable(
        `the part ${this.#part}, which is <${tag.name.local}> of another kind; expected <${this.#root}>`,
      );
    }
    const prefixes = (local: string) =>
      (tag.attributeIn(this.#scope, new Set([COMPATIBILITY]), local) ?? '').split(/\s+/).filter(Boolean);
    this.#ignorable = new Set(prefixes('Ignorable').map((prefix) => this.#uriOf(prefix) ?? ''));
    const unknown = prefixes('MustUnderstand').find((prefix) => !this.#understands(prefix));
    if (unknown !== undefined) {
      throw unusable(`the part ${this.#part}, which must not be read without knowing "${unknown}"`);
    }
  }

  #levelOf(tag: Tag, uri: string): Level | undefined {
    if (this.#namespaces.has(uri)) {
      return this.#handler.open(tag.name.local, tag, this.#scope) ? 'handed' : undefined;
    }
    if (uri !== COMPATIBILITY) {
      if (!this.#ignorable.has(uri)) this.#handler.foreign?.(tag.name.raw);
      return undefined;
    }
    if (tag.name.local === 'AlternateContent') return { alternativeTaken: false };
    const choice = this.#levels.at(-1);
    if (typeof choice !== 'object' || choice.alternativeTaken) return undefined;
    const isTaken =
      tag.name.local === 'Fallback' ||
      (tag.name.local === 'Choice' &&
        (tag.attribute('Requires') ?? '?').split(/\s+/).every((prefix) => this.#understands(prefix)));
    if (!isTaken) return undefined;
    choice.alternativeTaken = true;
    return 'through';
  }

  #understands(prefix: string): boolean {
    const uri = this.#uriOf(prefix) ?? '';
    return uri !== '' && this.#namespaces.has(uri);
  }

  #uriOf(prefix: string): string | undefined {
    let scope: Scope | undefined = this.#scope;
    while (scope !== undefined && !scope.declared.has(prefix)) scope = scope.outer;
    return scope?.declared.get(prefix);
  }
}

function declaredBy(tag: Tag, outer: Scope): Scope {
  let declared: Map<string, string> | undefined;
  for (let index = 0; index < tag.count; index += 1) {
    const name = tag.names[index];
    if (name === undefined || (name.prefix !== 'xmlns' && name.raw !== 'xmlns')) continue;
    declared ??= new Map();
    declared.set(name.prefix === '' ? '' : name.local, tag.value(index));
  }
  return declared === undefined ? outer : { outer, declared };
}
