// A folder that is its owner's alone: it holds the objects, tables and tokens of the local cloud, and its logs.
import { chmodSync, mkdirSync } from 'node:fs';

const OWNER_ONLY = 0o700;

/**
 * Makes the folder, or takes the rights of all others on it away. It also closes its contents, whatever rights
 * it has itself. Throws when the folder is another user's.
 */
export function privateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: OWNER_ONLY });
  try {
    chmodSync(folder, OWNER_ONLY);
  } catch (cause) {
    const why = (cause as Error).message;
    throw new Error(`${folder} cannot be closed to other users (${why}); name a folder of your own`, {
      cause,
    });
  }
}

/** From here on, what this process and those that it starts write is for their user alone, wherever it lies. */
export const writeForOwnerOnly = (): void => void process.umask(0o077);
