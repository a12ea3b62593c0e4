// Plants many objects in a local bucket at once: a test of listings needs thousands, and each upload is synced to disk.
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { Digest } from '../../local/storage/checksums.ts';
import type { Storage } from '../../local/storage/storage.ts';

/** Adds an object for each name, with the text that belongs to it, all in one transaction of the local store. */
export function plantObjects(
  storage: Storage,
  bucket: string,
  objects: readonly (readonly [name: string, text: string])[],
): void {
  const planted = objects.map(([name, text]) => ({
    ...{ bucket, name, attributes: { contentType: 'application/json' }, conditions: {} },
    content: writeBlob(storage, Buffer.from(text)),
    mayOverwrite: () => undefined,
  }));
  const [first, ...rest] = planted;
  if (first === undefined) return;
  storage.objects.commit(first, () => {
    for (const object of rest) storage.objects.commit(object);
  });
}

function writeBlob(storage: Storage, bytes: Buffer) {
  const blob = randomUUID();
  const digest = new Digest();
  digest.update(bytes);
  writeFileSync(storage.blobs.path(blob), bytes);
  return { blob, ...digest.checksums() };
}
