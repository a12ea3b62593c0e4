// Finds the workers that a job starts; each becomes a file of its own in the job's bundle.
import type { Plugin } from 'esbuild';
import { readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';

/** How a source names the file of a worker: `new URL('./week-worker.ts', import.meta.url)`. */
const WORKER = /new URL\(\s*'(\.[^']*\.ts)',\s*import\.meta\.url,?\s*\)/g;
const PLACE = /import\.meta\.(url|dirname|filename)\b/;

/** The name in the bundle of a source that is a program of its own. All of them lie in one folder. */
export const bundledName = (source: string): string => `${basename(source, '.ts')}.mjs`;

/**
 * Adds the path of every worker that the sources name to `found`, and replaces it by the name of its bundle. A source
 * that reads its own location in another way is an error: the files beside it are not in the bundle.
 */
export const workerFiles = (found: Set<string>): Plugin => ({
  name: 'worker-files',
  setup(build) {
    build.onLoad({ filter: /[\\/](jobs|shared)[\\/].*\.ts$/ }, ({ path }) => {
      const source = readFileSync(path, 'utf8');
      if (PLACE.test(source.replaceAll(WORKER, ''))) {
        const text = `${path} reads import.meta; in a bundle only new URL('./worker.ts', import.meta.url) works`;
        return { errors: [{ text }] };
      }
      for (const [, worker = ''] of source.matchAll(WORKER)) found.add(resolve(dirname(path), worker));
      const contents = source.replaceAll(
        WORKER,
        (_whole, worker: string) => `new URL('./${bundledName(worker)}', import.meta.url)`,
      );
      return { contents, loader: 'ts' };
    });
  },
});
