// Reads the tree as the architecture tests see it: paths, texts, and what imports what.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync, Visitor, type Expression, type StringLiteral } from 'oxc-parser';

export interface Source {
  /** From the root of the tree, with slashes: `shared/errors.ts`. */
  readonly path: string;
  readonly text: string;
}

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FOLDERS = [
  'functions',
  'shared',
  'pipelines',
  'infra',
  'build',
  'local',
  'cli',
  'jobs',
  'models',
  'bench',
  'test',
];
const MOST_FILES = 5000;

let read: readonly Source[] | undefined;

/** Every TypeScript file of the tree, this folder's own among them. Read once, so that each is parsed for its imports once. */
export const readSources = (): readonly Source[] => (read ??= readAll());

function readAll(): readonly Source[] {
  const paths = FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .map((path) => `${folder}/${path}`),
  );
  if (paths.length > MOST_FILES)
    throw new RangeError(`${paths.length} files; expected at most ${MOST_FILES}`);
  return paths.sort().map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
}

// Each wall asks for the imports of every file.
const known = new WeakMap<Source, readonly string[]>();

/** What a file imports, types included: a path from the root for the tree's own files, the specifier as it stands for packages. */
export function importsOf(source: Source): readonly string[] {
  const imports = known.get(source) ?? importsIn(source);
  known.set(source, imports);
  return imports;
}

function importsIn({ path, text }: Source): readonly string[] {
  const found: string[] = [];
  const add = ({ source }: { readonly source: Expression | StringLiteral | null }): void => {
    if (source?.type === 'Literal' && typeof source.value === 'string') found.push(source.value);
  };
  new Visitor({
    ImportDeclaration: add,
    ExportNamedDeclaration: add,
    ExportAllDeclaration: add,
    ImportExpression: add,
    TSImportType: add,
  }).visit(parseSync(path, text).program);
  return found.map((name) => (name.startsWith('.') ? posix.join(dirname(path), name) : name));
}

/** The first folder of a path: `shared`. */
export const roomOf = (path: string): string => path.split('/', 1)[0] ?? '';
