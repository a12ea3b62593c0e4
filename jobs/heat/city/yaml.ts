// Reads a configuration's YAML strictly: one document of plain keys and values, which no alias, tag or directive can grow or change.
import { isAlias, isCollection, isMap, isSeq, LineCounter, parseDocument, visit, type Document } from 'yaml';
import { OpenedFile, type InputFile } from '../formats/opened-file.ts';
import { quoted, UnusableFile } from '../formats/unusable.ts';

export const MOST_BYTES = 65_536;

export type Path = readonly PropertyKey[];

export interface Configured {
  readonly value: unknown;
  /** The line of a key or of an entry of a list; that of the nearest key above it where it is absent. */
  readonly lineOf: (path: Path) => number;
}

/** Throws `UnusableFile` for the first thing that is wrong. */
export function readYaml(input: InputFile): Configured {
  const { name } = input;
  const text = textOf(input);
  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    strict: true,
    uniqueKeys: true,
    stringKeys: true,
    merge: false,
    logLevel: 'error',
    lineCounter: lines,
  });
  const refuse = (line: number, found: string, expected: string): never => {
    throw new UnusableFile({ file: name, place: `line ${line}`, found, expected });
  };
  const [error] = document.errors;
  if (error !== undefined) {
    const line = error.linePos?.[0].line ?? 1;
    return refuse(line, quoted(lineAt(text, line)), expectedBy(error.code, error.message));
  }
  const directive = text.split('\n').findIndex((line) => line.startsWith('%')) + 1;
  if (directive > 0) return refuse(directive, quoted(lineAt(text, directive)), 'YAML 1.2 without directives');
  visit(document, {
    Node(_key, node) {
      const line = lines.linePos(node.range?.[0] ?? 0).line;
      if (isAlias(node)) return refuse(line, `the alias ${quoted(node.source)}`, 'the value itself');
      if (node.anchor !== undefined) return refuse(line, `the anchor ${quoted(node.anchor)}`, 'no anchors');
      if (node.tag === undefined) return undefined;
      return refuse(line, `the tag ${quoted(node.tag)}`, 'no tags');
    },
  });
  return { value: document.toJS() as unknown, lineOf: (path) => lineOf(document, lines, path) };
}

function textOf(input: InputFile): string {
  using file = new OpenedFile(input);
  const bytes = file.readAll(MOST_BYTES);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new UnusableFile(
      { file: input.name, found: 'bytes that are no UTF-8', expected: 'a text in UTF-8' },
      { cause },
    );
  }
}

const lineAt = (text: string, line: number): string => text.split(/\r?\n/)[line - 1] ?? '';

/** What the library's own message says, without the place; in our words for what people meet most. */
function expectedBy(code: string, message: string): string {
  switch (code) {
    case 'DUPLICATE_KEY':
      return 'each key once';
    case 'MULTIPLE_DOCS':
      return 'one document: one city in a file';
    case 'NON_STRING_KEY':
      return 'a key that is a plain text';
    case 'RESOURCE_EXHAUSTION':
      return 'lists and groups nested less deeply';
    default:
      return `YAML: ${message.split(' at line ')[0]?.split('\n')[0] ?? ''}`;
  }
}

function lineOf(document: Document, lines: LineCounter, path: Path): number {
  let node: unknown = document.contents;
  let offset = isCollection(node) ? (node.range?.[0] ?? 0) : 0;
  for (const step of path) {
    const [at, next]: readonly [number | undefined, unknown] = isMap<{ value: unknown; range?: number[] }>(
      node,
    )
      ? entryOf(node.items, step)
      : isSeq<{ range?: number[] }>(node)
        ? [node.items[Number(step)]?.range?.[0], node.items[Number(step)]]
        : [undefined, undefined];
    if (at === undefined) break;
    offset = at;
    node = next;
  }
  return lines.linePos(offset).line;
}

interface Entry {
  readonly key: { readonly value: unknown; readonly range?: readonly number[] };
  readonly value: unknown;
}

function entryOf(items: readonly Entry[], step: PropertyKey): readonly [number | undefined, unknown] {
  const entry = items.find(({ key }) => key.value === step);
  return [entry?.key.range?.[0], entry?.value];
}
