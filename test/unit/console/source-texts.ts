// The texts in sources: all, and those that stand as what was found and what was expected in a refusal.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync, Visitor, type Expression, type Node, type PropertyKey } from 'oxc-parser';
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
  const add = (node: Node) => {
    const written = textOf(node);
    if (written !== undefined) all.add(written);
  };
  const addSides = (nodes: readonly Node[]) => {
    for (const side of nodes.flatMap(ways).map(textOf))
      if (side !== undefined && side.includes(' ')) ofProblems.add(side);
  };
  const addArguments = (call: { readonly callee: Expression; readonly arguments: readonly Node[] }) => {
    if (CALLS.has(calledIn(call.callee))) addSides(call.arguments);
  };
  new Visitor({
    Literal: add,
    TemplateLiteral: add,
    CallExpression: addArguments,
    NewExpression: addArguments,
    Property: ({ key, value }) => addSides(IS_SIDE.test(nameOf(key)) ? valuesIn(value) : []),
    VariableDeclarator: ({ id, init }) =>
      addSides(init !== null && id.type === 'Identifier' && IS_SIDE.test(id.name) ? valuesIn(init) : []),
  }).visit(parseSync(path, readFileSync(join(ROOT, path), 'utf8')).program);
  known.set(path, { all, ofProblems });
  return { all, ofProblems };
}

function textOf(node: Node): string | undefined {
  if (node.type === 'TemplateLiteral') return node.quasis.map(({ value }) => value.cooked).join('{}');
  return node.type === 'Literal' && typeof node.value === 'string' ? node.value : undefined;
}

const calledIn = (callee: Expression): string =>
  callee.type === 'MemberExpression' ? nameOf(callee.property) : nameOf(callee);

function nameOf(key: PropertyKey | Expression): string {
  if (key.type === 'PrivateIdentifier') return `#${key.name}`;
  return key.type === 'Identifier' ? key.name : '';
}

/** What stands in an object stands for itself. */
const valuesIn = (node: Node): readonly Node[] =>
  node.type === 'ObjectExpression'
    ? node.properties.flatMap((each) => (each.type === 'Property' ? [each.value] : []))
    : [node];

const ways = (node: Node): readonly Node[] =>
  node.type === 'ConditionalExpression' ? [node.consequent, node.alternate] : [node];
