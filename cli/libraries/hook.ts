// Preloaded by a function or a job: its libraries are loaded from the bundles beside this file. Bundled itself, so it stands there too.
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { MAP, type LibraryMap } from './map.ts';

const here = new URL('.', import.meta.url).href;
const map = new Map(
  Object.entries(JSON.parse(readFileSync(new URL(MAP, here), 'utf8')) as LibraryMap).map(([name, file]) => [
    name,
    new URL(file, here).href,
  ]),
);

/** Our sources name each other by path and extension, so nothing has to be looked up. */
const isOwn = (specifier: string, parent: string | undefined): boolean =>
  specifier.startsWith('.') && specifier.endsWith('.ts') && parent?.endsWith('.ts') === true;

registerHooks({
  resolve(specifier, context, next) {
    if (isOwn(specifier, context.parentURL)) {
      const { href } = new URL(specifier, context.parentURL);
      return { url: href, format: 'module-typescript', shortCircuit: true };
    }
    const url = map.get(specifier);
    return url === undefined ? next(specifier, context) : { url, format: 'module', shortCircuit: true };
  },
});
