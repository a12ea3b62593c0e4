// Finds files that import each other in a circle: then none of them can be read, tested or moved alone.
import { importsOf } from './sources.ts';
import type { Rule } from './walls.ts';

/** Types count as well: who needs only a shape of another file's needs a smaller file that holds the shape. */
export const noFilesImportEachOther: Rule = (sources) => {
  const files = new Set(sources.map(({ path }) => path));
  const imports = new Map(
    sources.map((source) => [source.path, importsOf(source).filter((imported) => files.has(imported))]),
  );
  return circlesIn(imports).map((circle) => `a circle of imports: ${circle.join(' → ')}`);
};

/** The circles that a walk meets: at least one where there is any. Each file is walked through once. */
function circlesIn(imports: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const circles: string[][] = [];
  const done = new Set<string>();
  const walk = (path: string, way: readonly string[]): void => {
    const since = way.indexOf(path);
    if (since !== -1) circles.push([...way.slice(since), path]);
    if (since !== -1 || done.has(path)) return;
    for (const next of imports.get(path) ?? []) walk(next, [...way, path]);
    done.add(path);
  };
  for (const path of imports.keys()) walk(path, []);
  return circles;
}
