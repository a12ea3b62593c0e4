// What is uploaded for each function, and under which name.
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
 * The archives that `npm run bundle` makes. The object is named by a hash of its bytes, so that another source is
 * another object, from which the function is built anew, and the same source is the same object: Google rebuilds
 * nothing. Of a folder Pulumi would make an archive by itself, and replace it at each deployment (pulumi-gcp issue 3146).
 */
export const archivedSources =
  (folder: string): SourceOf =>
  (name, runsAs) => {
    const ending = ARCHIVE[runsAs];
    const path = resolve(ROOT, folder, `${name}.${ending}`);
    if (!existsSync(path))
      throw new ConfigurationError(`there is no ${path}, the source of ${name}; npm run bundle makes it`);
    const hash = createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, HASH_LENGTH);
    return { object: `${name}-${hash}.${ending}`, content: new pulumi.asset.FileAsset(path) };
  };

/** The folders themselves, named by their paths: what a plan shows, and what the local cloud runs. */
export const folderSources =
  (folder: string): SourceOf =>
  (name) => {
    const path = join(resolve(ROOT, folder), name);
    return { object: path, content: new pulumi.asset.FileArchive(path) };
  };
