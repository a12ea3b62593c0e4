// Loads the declarations in `functions/` by reading the folder. A bundle has no folder, so the bundler replaces this file by imports.
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
