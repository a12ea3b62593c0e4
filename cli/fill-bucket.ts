// Makes a local bucket hold what a plain folder holds, for a pipeline that watches a bucket.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { BoundError } from '../shared/errors.ts';
import type { ObjectStore } from '../shared/objects/store.ts';

const MOST_FILES = 10_000;
const TYPE = 'application/octet-stream';

/** Stores files that are new or changed, and deletes objects under the prefix whose file was removed. */
export async function fillBucket(bucket: ObjectStore, prefix: string, folder: string): Promise<void> {
  const paths = new Map((await filesIn(folder)).map((path) => [nameOf(path, folder, prefix), path]));
  if (paths.size > MOST_FILES)
    throw new BoundError(`${folder} holds ${paths.size} files; expected at most ${MOST_FILES}`);
  const status = new Set<string>();
  for (const { name, generation, md5 } of await bucket.list(prefix, MOST_FILES)) {
    const path = paths.get(name);
    if (path !== undefined && md5 === (await md5Of(path))) status.add(name);
    else await bucket.remove(name, generation);
  }
  for (const [name, path] of paths) {
    if (!status.has(name)) await bucket.createFrom(name, createReadStream(path), TYPE);
  }
}

/** Every file under the folder, but for those that its owner has hidden. */
async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !relative(folder, path).split(sep).some(isHidden));
}

const isHidden = (part: string): boolean => part.startsWith('.');

const nameOf = (path: string, folder: string, prefix: string): string =>
  `${prefix}${relative(folder, path).split(sep).join('/')}`;

async function md5Of(path: string): Promise<string> {
  const hash = createHash('md5');
  await pipeline(createReadStream(path), hash);
  return hash.digest('base64');
}
