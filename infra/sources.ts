// The source that is uploaded for each function, and its object name.
import * as pulumi from '@pulumi/pulumi';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigurationError } from '../shared/errors.ts';
import type { FunctionDeclaration } from '../shared/functions/declaration.ts';

export interface FunctionSource {
  /** The name of its object. */
  readonly object: string;
  readonly content: pulumi.asset.Asset | pulumi.asset.Archive;
}

/** A function is built from a zip; a service runs a tar as it is. */
export type SourceOf = (folder: string, runsAs: FunctionDeclaration['runsAs']) => FunctionSource;

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const HASH_LENGTH = 16;
export const ARCHIVE = { function: 'zip', service: 'tar.gz' } as const;

/**
 * The archives that `npm run bundle` makes. The object is named by a hash of its bytes: a changed source is a new object,
 * from which Google builds the function, and an unchanged source is the same object, for which it builds nothing. Pulumi
 * itself would archive a folder again at each deployment (pulumi-gcp issue 3146).
 */
export const archivedSources =
  (folder: string): SourceOf =>
  (name, runsAs) => {
    const ending = ARCHIVE[runsAs];
    const path = resolve(ROOT, folder, `${name}.${ending}`);
    if (!existsSync(path))
      throw new ConfigurationError(
        `${path}, the source of ${name}, does not exist; npm run bundle creates it`,
      );
    const hash = createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, HASH_LENGTH);
    return { object: `${name}-${hash}.${ending}`, content: new pulumi.asset.FileAsset(path) };
  };

/** The folders themselves, named by their paths, for a plan and for the local cloud. */
export const folderSources =
  (folder: string): SourceOf =>
  (name) => {
    const path = join(resolve(ROOT, folder), name);
    return { object: path, content: new pulumi.asset.FileArchive(path) };
  };
