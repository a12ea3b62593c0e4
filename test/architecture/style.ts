// What every file keeps to, as pure functions from sources to the sentences that say who does not.
import { basename } from 'node:path';
import ts from 'typescript';
import type { Rule } from './walls.ts';

const MOST_LINES = 300;
const MOST_LINES_OF_FUNCTION = 70;

export const noFileIsTooLong: Rule = (sources) =>
  sources.flatMap(({ path, text }) => {
    const lines = text.trimEnd().split('\n').length;
    return lines > MOST_LINES ? [`${path} has ${lines} lines; expected at most ${MOST_LINES}`] : [];
  });

/** Comments and empty lines count. What `describe` groups are tests, each a function of its own. */
export const noFunctionIsTooLong: Rule = (sources) =>
  sources.flatMap(({ path, text }) => {
    const file = ts.createSourceFile(basename(path), text, ts.ScriptTarget.ES2024, true);
    const lineAt = (position: number) => file.getLineAndCharacterOfPosition(position).line + 1;
    const found: string[] = [];
    const visit = (node: ts.Node): void => {
      const [first, last] = [lineAt(node.getStart()), lineAt(node.end)];
      const lines = last - first + 1;
      if (ts.isFunctionLike(node) && lines > MOST_LINES_OF_FUNCTION && !isGroupOfTests(node))
        found.push(
          `${path}:${first} is a function of ${lines} lines; expected at most ${MOST_LINES_OF_FUNCTION}`,
        );
      ts.forEachChild(node, visit);
    };
    visit(file);
    return found;
  });

const isGroupOfTests = ({ parent }: ts.Node): boolean =>
  ts.isCallExpression(parent) && parent.expression.getText() === 'describe';

/** A program may begin with its interpreter's line. The sentence may run over several comment lines. */
export const everyFileSaysWhatItIsFor: Rule = (sources) =>
  sources.filter(({ text }) => !opensWithSentence(text)).map(({ path }) => `${path} opens with no sentence`);

const MOST_OPENING_LINES = 4;

function opensWithSentence(text: string): boolean {
  const lines = text.split('\n');
  if (lines[0]?.startsWith('#!')) lines.shift();
  const end = lines.findIndex((line) => !line.startsWith('// '));
  const opening = lines.slice(0, end === -1 ? lines.length : end);
  const sentence = opening.map((line) => line.slice(3)).join(' ');
  return opening.length <= MOST_OPENING_LINES && /^\S.{10,}?[.!?:]( |$)/.test(sentence);
}

const NAMELESS = /(^|[-_.])(utils?|helpers?|commons?|managers?|misc|stuff)($|[-_.])/i;

export const noFileIsNamedAfterNothing: Rule = (sources) =>
  sources
    .filter(({ path }) => path.split('/').some((part) => NAMELESS.test(part)))
    .map(({ path }) => `${path} is named after nothing; name what it holds`);

// Built from parts, so that this file does not hold what it looks for.
const MACHINE_PATHS = ['work', 'root', 'home/[a-z]+'].map(
  (folder) => new RegExp(`(?<![\\w.}\\])])/${folder}(?=/|['"\`\\s]|$)`, 'm'),
);

/** No file speaks of a path of the machine that it was written on; folders are asked for (`tmpdir()`). */
export const noPathOfAMachine: Rule = (sources) =>
  sources
    .filter(({ text }) => MACHINE_PATHS.some((path) => path.test(text)))
    .map(({ path }) => `${path} names a path of one machine`);

// Built from parts as well.
const [MODULE_URL, URL_PATH] = ['import.meta' + '.url', new RegExp('\\.path' + 'name\\b')];

/** In a URL's path a space is `%20`: the path of a file comes from `fileURLToPath`. */
export const noPathOfAFileFromAUrl: Rule = (sources) =>
  sources
    .filter(({ text }) => text.includes(MODULE_URL) && URL_PATH.test(text))
    .map(({ path }) => `${path} takes the path of a file from its URL; expected fileURLToPath`);

// A switched-off rule hides what it would have found.
const SWITCHED_OFF = new RegExp(['eslint-' + 'disable', '@ts-' + 'ignore', '@ts-' + 'nocheck'].join('|'));
const UNFINISHED = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX'].join('|')})\\b`);

export const nothingIsSwitchedOffOrUnfinished: Rule = (sources) =>
  sources
    .filter(({ text }) => SWITCHED_OFF.test(text) || UNFINISHED.test(text))
    .map(({ path }) => `${path} switches a rule off, or is unfinished`);

// What Node's type stripping cannot run, or the house does not use.
const UNWANTED = new Map([
  [ts.SyntaxKind.EnumDeclaration, 'an enum'],
  [ts.SyntaxKind.ModuleDeclaration, 'a namespace'],
  [ts.SyntaxKind.AnyKeyword, 'any'],
]);

export const onlyTypesThatCanBeStripped: Rule = (sources) =>
  sources.flatMap(({ path, text }) => {
    const found = new Set<string>();
    const visit = (node: ts.Node): void => {
      const unwanted = UNWANTED.get(node.kind);
      const augments = ts.isModuleDeclaration(node) && ts.isStringLiteral(node.name);
      if (unwanted !== undefined && !augments) found.add(unwanted);
      ts.forEachChild(node, visit);
    };
    visit(ts.createSourceFile(basename(path), text, ts.ScriptTarget.ES2024));
    return [...found].map((what) => `${path} holds ${what}`);
  });
