// The search language of Drive's `q`: the part that names a folder, a name, a type and the trash.
import { type ApiError, notImplemented } from '../http/errors.ts';
import { invalidValue } from './errors.ts';
import type { FileResource } from './file-resource.ts';

export interface Query {
  /** The folders that the query names. */
  readonly parents: readonly string[];
  readonly matches: (file: FileResource) => boolean;
}

interface Token {
  readonly kind: 'text' | 'word' | 'sign';
  readonly value: string;
  readonly written: string;
}

type Clause = (file: FileResource) => boolean;

const TOKEN = /\s*(?:'((?:\\[\s\S]|[^'\\])*)'|([A-Za-z.]+)|(!=|<=|>=|[=<>()]))/y;

/**
 * Reads clauses joined by `and`: `'ID' in parents`, `trashed = true`, `name = 'x'`, `mimeType = 'x'`, and the
 * last three with `!=` where Drive has it. Throws `ApiError` 400 for what is no query, 501 by name for what
 * Drive knows and this does not.
 */
export function parseQuery(text: string | undefined): Query {
  if (text === undefined || text.trim() === '') return { parents: [], matches: () => true };
  const parents: string[] = [];
  const clauses = splitAtAnd(tokensOf(text)).map((tokens) => clauseOf(tokens, parents));
  return { parents, matches: (file) => clauses.every((holds) => holds(file)) };
}

function clauseOf(tokens: readonly Token[], parents: string[]): Clause {
  const [first, second, third] = tokens;
  if (tokens.length !== 3 || first === undefined || second === undefined || third === undefined) {
    throw unknownClause(tokens);
  }
  if (first.kind === 'text' && second.value === 'in' && third.value === 'parents') {
    parents.push(first.value);
    return (file) => file.parents?.includes(first.value) === true;
  }
  if (first.kind !== 'word' || second.kind !== 'sign') throw unknownClause(tokens);
  const isEqual = second.value === '=';
  if (!isEqual && second.value !== '!=') throw unknownClause(tokens);
  if (first.value === 'trashed' && (third.value === 'true' || third.value === 'false')) {
    return (file) => (String(file.trashed) === third.value) === isEqual;
  }
  if (third.kind !== 'text') throw invalidValue('q');
  if (first.value === 'name' && isEqual) return (file) => file.name === third.value;
  if (first.value === 'mimeType') return (file) => (file.mimeType === third.value) === isEqual;
  throw unknownClause(tokens);
}

function splitAtAnd(tokens: readonly Token[]): Token[][] {
  const clauses: Token[][] = [[]];
  for (const token of tokens) {
    if (token.kind === 'word' && token.value === 'and') clauses.push([]);
    else clauses.at(-1)?.push(token);
  }
  if (clauses.some((clause) => clause.length === 0)) throw invalidValue('q');
  return clauses;
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const whole = text.trimEnd();
  const pattern = new RegExp(TOKEN);
  while (pattern.lastIndex < whole.length) {
    const match = pattern.exec(whole);
    if (match === null) throw invalidValue('q');
    const [written, quoted, word, sign] = match;
    const value = quoted?.replace(/\\([\s\S])/g, '$1') ?? word ?? sign ?? '';
    const kind = quoted !== undefined ? 'text' : word !== undefined ? 'word' : 'sign';
    tokens.push({ kind, value, written: written.trim() });
  }
  return tokens;
}

function unknownClause(tokens: readonly Token[]): ApiError {
  return notImplemented(`the search clause "${tokens.map((token) => token.written).join(' ')}"`);
}
