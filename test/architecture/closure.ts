// What starting a file loads: the files and libraries that it imports, and those import, but for types and `import()`.
import { readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { parseSync } from 'oxc-parser';
import { ROOT } from './sources.ts';

export interface Closure {
  readonly files: readonly string[];
  readonly libraries: readonly string[];
}

export function closureOf(entry: string): Closure {
  const files = new Set([entry]);
  const libraries = new Set<string>();
  for (const path of files) {
    for (const specifier of loadedBy(path)) {
      if (specifier.startsWith('.')) files.add(posix.join(dirname(path), specifier));
      else libraries.add(specifier);
    }
  }
  return { files: [...files].sort(), libraries: [...libraries].sort() };
}

function loadedBy(path: string): readonly string[] {
  const { program } = parseSync(path, readFileSync(join(ROOT, path), 'utf8'));
  // Node removes an import of types whole; one of types and values loads the file.
  return program.body.flatMap((statement) => {
    if (statement.type === 'ImportDeclaration')
      return statement.importKind === 'type' ? [] : [statement.source.value];
    if (statement.type !== 'ExportNamedDeclaration' && statement.type !== 'ExportAllDeclaration') return [];
    return statement.exportKind === 'type' || statement.source === null ? [] : [statement.source.value];
  });
}
