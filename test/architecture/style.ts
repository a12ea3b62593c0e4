// What every file keeps to, as pure functions from sources to the sentences that say who does not.
import { basename } from 'node:path';
import { parseSync, Visitor, type Node, type Span } from 'oxc-parser';
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
    // A short file has no long function, and need not be parsed.
    if (linesIn(text) <= MOST_LINES_OF_FUNCTION) return [];
    const found: string[] = [];
    const groupsOfTests = new Set<Node>();
    const visit = (node: Span): void => {
      const lines = linesIn(text.slice(node.start, node.end));
      if (lines > MOST_LINES_OF_FUNCTION && !groupsOfTests.has(node as Node))
        found.push(
          `${path}:${linesIn(text.slice(0, node.start))} is a function of ${lines} lines; ` +
            `expected at most ${MOST_LINES_OF_FUNCTION}`,
        );
    };
    new Visitor({
      CallExpression({ callee, arguments: given }) {
        if (callee.type === 'Identifier' && callee.name === 'describe')
          for (const each of given) groupsOfTests.add(each);
      },
      FunctionDeclaration: visit,
      FunctionExpression: visit,
      ArrowFunctionExpression: visit,
    }).visit(parseSync(basename(path), text).program);
    return found;
  });

const linesIn = (text: string): number => text.split('\n').length;

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
const SWITCHED_OFF = new RegExp(
  ['eslint-' + 'disable', 'oxlint-' + 'disable', '@ts-' + 'ignore', '@ts-' + 'nocheck'].join('|'),
);
const UNFINISHED = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX'].join('|')})\\b`);

export const nothingIsSwitchedOffOrUnfinished: Rule = (sources) =>
  sources
    .filter(({ text }) => SWITCHED_OFF.test(text) || UNFINISHED.test(text))
    .map(({ path }) => `${path} switches a rule off, or is unfinished`);

// Most files hold none of them, and need not be parsed.
const WORDS_OF_SUCH_TYPES = /\b(enum|namespace|module|any)\b/;

/** What Node's type stripping cannot run, or the house does not use. */
export const onlyTypesThatCanBeStripped: Rule = (sources) =>
  sources.flatMap(({ path, text }) => {
    if (!WORDS_OF_SUCH_TYPES.test(text)) return [];
    const found = new Set<string>();
    new Visitor({
      TSEnumDeclaration: () => void found.add('an enum'),
      TSModuleDeclaration({ id }) {
        // `declare module 'x'` adds to the types of a library.
        if (id.type !== 'Literal') found.add('a namespace');
      },
      TSAnyKeyword: () => void found.add('any'),
    }).visit(parseSync(basename(path), text).program);
    return [...found].map((what) => `${path} holds ${what}`);
  });
