// The files that ship the mesh, and what of a text names a script or a path of the tree that is not there.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
export const STACKS = ['infra/Pulumi.staging.yaml', 'infra/Pulumi.production.yaml'];
export const GUIDE = 'docs/DEPLOY.md';

export const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
export const scripts = Object.keys((JSON.parse(read('package.json')) as { scripts: object }).scripts);

/** What of a text is not there: npm scripts and paths of the tree, by the words around them. */
export function missingIn(text: string): readonly string[] {
  const ran = [...text.matchAll(/\bnpm run (?:-s )?([\w:-]+)/g)].map(([, name = '']) => name);
  const paths = [
    ...text.matchAll(
      /(?<![\w/.@-])((?:\.ci|docs|infra|jobs|test|build|cli|pipelines|functions|shared|local)\/[\w./-]*\w|[\w-]+\.yaml)/g,
    ),
  ].map(([, path = '']) => path);
  return [
    ...ran.filter((name) => !scripts.includes(name)).map((name) => `npm run ${name}`),
    ...paths.filter((path) => !existsSync(join(ROOT, path))),
  ];
}
