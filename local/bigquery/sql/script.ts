// Cuts a GoogleSQL script into statements, without being fooled by strings, names and comments.
import { invalidQuery } from './syntax.ts';

export interface Token {
  readonly kind: 'word' | 'string' | 'name' | 'sign';
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export interface Piece {
  readonly sql: string;
  readonly tokens: readonly Token[];
}

const MOST_STATEMENTS = 500;
const LONGEST_SCRIPT_CHARACTERS = 1024 * 1024;

// Order matters: comments before signs, triple quotes before single ones.
const LEXEME = new RegExp(
  [
    String.raw`(?<blank>\s+|--[^\n]*|#[^\n]*|/\*[\s\S]*?\*/)`,
    String.raw`(?<string>(?:[rR][bB]?|[bB][rR]?)?(?:"""(?:\\[\s\S]|[^\\])*?"""|'''(?:\\[\s\S]|[^\\])*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'))`,
    '(?<name>`(?:\\\\.|[^`\\\\\\n])*`)',
    String.raw`(?<word>[\p{L}\p{N}_@$]+)`,
    String.raw`(?<sign>[^"'${'`'}])`,
  ].join('|'),
  'uy',
);

/** Splits `script` at its semicolons. Throws 400 for an unclosed string, or more than 500 statements. */
export function splitScript(script: string): Piece[] {
  if (script.length > LONGEST_SCRIPT_CHARACTERS)
    throw invalidQuery(
      'The query is too large. The maximum standard SQL query length is 1024.00K characters.',
    );
  const pieces: Piece[] = [];
  let tokens: Token[] = [];
  const finish = () => {
    const [first, last] = [tokens[0], tokens.at(-1)];
    if (first && last) pieces.push({ sql: script.slice(first.start, last.end), tokens });
    tokens = [];
  };
  LEXEME.lastIndex = 0;
  while (LEXEME.lastIndex < script.length) {
    const start = LEXEME.lastIndex;
    const groups = LEXEME.exec(script)?.groups;
    if (groups === undefined)
      throw invalidQuery(`Syntax error: Unclosed string literal at ${place(script, start)}`);
    if (groups['sign'] === ';') finish();
    else if (groups['blank'] === undefined) {
      if (groups['string'] && tokens.at(-1)?.kind === 'string' && tokens.at(-1)?.end === start)
        throw invalidQuery(`Syntax error: Unexpected string literal at ${place(script, start)}`);
      tokens.push(token(groups, start));
    }
    if (pieces.length > MOST_STATEMENTS)
      throw invalidQuery(`not supported by the local BigQuery: more than ${MOST_STATEMENTS} statements`);
  }
  finish();
  if (pieces.length === 0) throw invalidQuery('Syntax error: Unexpected end of statement at [1:1]');
  return pieces;
}

function token(groups: Record<string, string>, start: number): Token {
  const [kind, found] = Object.entries(groups).find(([, value]) => value !== undefined)!;
  return { kind: kind as Token['kind'], text: found, start, end: start + found.length };
}

function place(script: string, offset: number): string {
  const before = script.slice(0, offset).split('\n');
  return `[${before.length}:${before.at(-1)!.length + 1}]`;
}

/** The upper-case words with which a piece begins: `['BEGIN', 'TRANSACTION']`. */
export const opening = (piece: Piece, count: number): string =>
  piece.tokens
    .slice(0, count)
    .map((each) => each.text.toUpperCase())
    .join(' ');

/** The part of a piece between two of its tokens, `until` excluded. */
export const between = (piece: Piece, from: number, until = piece.tokens.length): string => {
  const [first, last] = [piece.tokens[from], piece.tokens[until - 1]];
  if (!first || !last || until <= from) return '';
  const base = piece.tokens[0]!.start;
  return piece.sql.slice(first.start - base, last.end - base);
};
