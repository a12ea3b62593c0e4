// Loads the modules of `pipelines/` by reading the folder. A bundle has no folder, so the bundler replaces this file by imports.
import { readdirSync } from 'node:fs';

const FOLDER = new URL('../../pipelines/', import.meta.url);

/** What each file of `pipelines/` exports, in the order of their names. */
export const modules: readonly object[] = await Promise.all(
  readdirSync(FOLDER)
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((file) => import(new URL(file, FOLDER).href) as Promise<object>),
);
