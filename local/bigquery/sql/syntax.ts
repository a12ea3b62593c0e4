// The parsed tree of a GoogleSQL statement: parsed by polyglot, walked by us, refused where it is not known.
import type { parse as Parse } from '@polyglot-sql/sdk';
import { setFlagsFromString } from 'node:v8';
import { ApiError } from '../../http/errors.ts';
import { keptTrees } from './kept-trees.ts';

/** One node: a single key names its kind, the value is its body. */
export type Node = Readonly<Record<string, unknown>>;
export type Body = Readonly<Record<string, unknown>>;

// What the parser notes about how a thing was written, which does not change what it means.
const HOW_IT_WAS_WRITTEN = [
  'span',
  'inferred_type',
  'original_name',
  'alias_explicit_as',
  'alias_keyword',
  'alias_first',
  'post_alias_comments',
  'post_select_comments',
  'comments',
  'leading_comments',
  'trailing_comments',
  'nesting_group',
  'use_outer_keyword',
  'use_inner_keyword',
  'kind_text',
  'start_side_text',
  'end_side_text',
  'no_parens',
  'bracket_notation',
  'no_from',
  'integer_spelling',
  'constraint_order',
  'left_comments',
  'operator_comments',
  'quoted',
];

export const invalidQuery = (message: string) => new ApiError(400, 'invalidQuery', message);
export const notSupported = (what: string) => invalidQuery(`not supported by the local BigQuery: ${what}`);

/**
 * How much of one WebAssembly function runs before V8 optimizes it. With its own budget V8 optimizes the parser after
 * some statements, in other threads: half a second of CPU, and more than the statements of a mesh take.
 */
const UNOPTIMIZED = '--wasm-tiering-budget=1000000000';

let parse: typeof Parse | undefined;

/** A statement is to be parsed that is not kept. */
class ParserMissing extends Error {}

/**
 * Does work that parses statements. The parser is loaded only where one of them is not kept, as its 22 MB are a quarter
 * of a second of CPU; then the work begins again, so it must change nothing before it has parsed.
 */
export async function parsing<T>(work: () => T): Promise<T> {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ParserMissing)) throw error;
  }
  setFlagsFromString(UNOPTIMIZED);
  parse = (await import('@polyglot-sql/sdk')).parse;
  return work();
}

/**
 * What was parsed, by its text: a statement is parsed when its job is made and again when it runs, and a mesh asks the
 * same ones again and again. No one changes a tree.
 */
const trees = new Map<string, Node>();
const onDisk = keptTrees();
const MOST_TREES = 500;
const LONGEST_KEPT = 20_000;

/** Parses one statement. Throws 400 with BigQuery's `Syntax error`, and the place, when it does not parse. */
export function parseStatement(sql: string): Node {
  const known = trees.get(sql);
  if (known !== undefined) return known;
  if (sql.length > LONGEST_KEPT) return parsed(sql);
  const kept = onDisk.get(sql) as Node | undefined;
  const tree = kept ?? parsed(sql);
  if (kept === undefined) onDisk.set(sql, tree);
  if (trees.size === MOST_TREES) trees.clear();
  trees.set(sql, tree);
  return tree;
}

function parsed(sql: string): Node {
  if (parse === undefined) throw new ParserMissing();
  const answer = parse(sql, 'bigquery' as Parameters<typeof parse>[1]) as {
    ast?: Node[];
    error?: string | null;
    errorLine?: number;
    errorColumn?: number;
  };
  if (!answer.ast)
    throw invalidQuery(
      `Syntax error: ${answer.error ?? 'not understood'} at [${answer.errorLine ?? 1}:${answer.errorColumn ?? 1}]`,
    );
  if (answer.ast.length !== 1) throw invalidQuery('Syntax error: Expected one statement');
  return answer.ast[0]!;
}

/** The kind and the body of a node. */
export function open(node: unknown): [kind: string, body: Body] {
  const [entry] = Object.entries(node as Node);
  if (entry === undefined) throw notSupported('an empty expression');
  return [entry[0], (entry[1] ?? {}) as Body];
}

/** Refuses a node that carries anything outside `known`: what is not printed must not be lost in silence. */
export function only(what: string, body: Body, ...known: readonly string[]): void {
  for (const [field, value] of Object.entries(body)) {
    if (value === null || value === undefined || value === false) continue;
    if (Array.isArray(value) && value.length === 0) continue;
    if (known.includes(field) || HOW_IT_WAS_WRITTEN.includes(field)) continue;
    throw notSupported(`${what} with ${field.replaceAll('_', ' ')}`);
  }
}

export const list = (value: unknown): readonly Node[] => (Array.isArray(value) ? (value as Node[]) : []);

/** The name in an identifier body, `{ name, quoted }`. */
export const nameOf = (value: unknown): string => (value as { name: string }).name;

/** Whether a node is a text that is written out. */
export const isText = (node: unknown): boolean => {
  const [kind, body] = open(node);
  return kind === 'literal' && String(body['literal_type']).includes('string');
};
