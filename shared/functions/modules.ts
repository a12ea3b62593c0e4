// The declarations in `functions/`, found by reading the folder. A bundle has no folder to read: the bundler puts the imports of all of them in this file's place.
import { existsSync, readdirSync } from 'node:fs';

const FOLDER = new URL('../../functions/', import.meta.url);

/** What each `function.ts` exports, in the order of the folders' names. */
export const modules: readonly { readonly default: unknown }[] = await Promise.all(
  readdirSync(FOLDER)
    .sort()
    .map((name) => new URL(`${name}/function.ts`, FOLDER))
    .filter((file) => existsSync(file))
    .map((file) => import(file.href) as Promise<{ readonly default: unknown }>),
);
