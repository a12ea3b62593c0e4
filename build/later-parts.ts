// Makes a file of its own of each part of a function that no start needs: a large library would make every start read more.
import { build, type BuildOptions, type Plugin } from 'esbuild';
import { basename, join } from 'node:path';

const LATER = /^\.{1,2}\/(?:[^/]+\/)*later\/[^/]+\.ts$/;

/**
 * `await import('./later/<part>.ts')` loads `later/<part>.cjs` beside the bundle. A part is a world of its own: what it
 * shares with the bundle is there twice, so no class that one throws is known to the other. It returns plain values.
 */
export const laterParts = (parts: Set<string>): Plugin => ({
  name: 'later-parts',
  setup({ onResolve }) {
    onResolve({ filter: LATER }, ({ path, kind, resolveDir }) => {
      if (kind !== 'dynamic-import') return undefined;
      parts.add(join(resolveDir, path));
      return { path: `./later/${basename(path, '.ts')}.cjs`, external: true };
    });
  },
});

export async function bundleParts(
  parts: ReadonlySet<string>,
  folder: string,
  how: BuildOptions,
): Promise<void> {
  for (const part of parts)
    await build({
      ...how,
      entryPoints: [part],
      outfile: join(folder, 'later', `${basename(part, '.ts')}.cjs`),
    });
}
