// The texts in sources: all, and those that stand as what was found and what was expected in a refusal.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { ROOT } from '../../architecture/sources.ts';

export interface SourceTexts {
  /** Values that a text holds stand as `{}`. */
  readonly all: ReadonlySet<string>;
  readonly ofProblems: ReadonlySet<string>;
}

/** Their arguments are what was found and expected, or the name of a place without a space in it. */
const CALLS = new Set([
  ...['add', 'addBefore', '#stop', 'readName', '#value', 'bad', 'fault', 'stop', 'whole'],
  ...['refuse', '#refuse', 'unusable', 'UnusableFile', 'UnusableWorkbook', 'UnreadableCell'],
  'TooFewObservations',
]);
const IS_SIDE = /^(found|expected|\w*EXPECTED)$/;

/** Of the files that match the patterns, which begin at the root of the tree. */
export function textsOf(patterns: readonly string[]): SourceTexts {
  const texts = globSync(patterns, { cwd: ROOT }).map(textsIn);
  return {
    all: new Set(texts.flatMap(({ all }) => [...all])),
    ofProblems: new Set(texts.flatMap(({ ofProblems }) => [...ofProblems])),
  };
}

const known = new Map<string, SourceTexts>();

function textsIn(path: string): SourceTexts {
  const before = known.get(path);
  if (before !== undefined) return before;
  const [all, ofProblems] = [new Set<string>(), new Set<string>()];
  const text = readFileSync(join(ROOT, path), 'utf8');
  each(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true), (node) => {
    const written = textOf(node);
    if (written !== undefined) all.add(written);
    for (const said of sidesAt(node)) {
      const side = textOf(said);
      if (side !== undefined && side.includes(' ')) ofProblems.add(side);
    }
  });
  known.set(path, { all, ofProblems });
  return { all, ofProblems };
}

function each(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  node.forEachChild((child) => each(child, visit));
}

function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return node.head.text + node.templateSpans.map(({ literal }) => `{}${literal.text}`).join('');
}

function sidesAt(node: ts.Node): readonly ts.Node[] {
  if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
    const callee = ts.isPropertyAccessExpression(node.expression) ? node.expression.name : node.expression;
    return CALLS.has(callee.getText()) ? [...(node.arguments ?? [])].flatMap(ways) : [];
  }
  if (!ts.isPropertyAssignment(node) && !ts.isVariableDeclaration(node)) return [];
  const { initializer } = node;
  if (initializer === undefined || !IS_SIDE.test(node.name.getText())) return [];
  return ts.isObjectLiteralExpression(initializer)
    ? initializer.properties.flatMap((each) => (ts.isPropertyAssignment(each) ? ways(each.initializer) : []))
    : ways(initializer);
}

const ways = (node: ts.Expression): readonly ts.Node[] =>
  ts.isConditionalExpression(node) ? [node.whenTrue, node.whenFalse] : [node];
