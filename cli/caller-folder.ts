// Where a relative path on the command line is: in the folder that npm was called in, not in the one that npm changes to.
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGE = resolve(fileURLToPath(new URL('..', import.meta.url)));

/** npm runs every script in the package's folder, and leaves the caller's own in `INIT_CWD`. */
export function callersFolder(
  env: { readonly INIT_CWD?: string | undefined },
  workingFolder: string,
): string {
  return workingFolder === PACKAGE ? (env.INIT_CWD ?? workingFolder) : workingFolder;
}

/** The absolute path of a typed one. */
export const fromCaller = (path: string): string => resolve(callersFolder(process.env, process.cwd()), path);
