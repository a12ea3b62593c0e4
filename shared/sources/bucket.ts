// A bucket as a source: Cloud Storage copies its objects; none passes through a function's memory.
import { PermanentError } from '../errors.ts';
import { notThere } from '../objects/json.ts';
import type { ObjectInfo, ObjectStore } from '../objects/store.ts';
import type { ListedFile, SnapshotFile } from './snapshot.ts';
import type { WatchedSource } from './source.ts';

const MOST_OBJECTS = 50_000;

/** `place` is `bucket/prefix`; with an empty prefix it ends with the slash. */
export function bucketSource(open: (bucket: string) => ObjectStore, runs: ObjectStore): WatchedSource {
  const ownBuckets = new Set<string>();
  return {
    async list(place) {
      const { bucket, name: prefix } = splitPlace(place);
      const store = open(bucket);
      if (!ownBuckets.has(bucket)) await refuseForeign(store, runs);
      ownBuckets.add(bucket);
      const objects = await store.list(prefix, MOST_OBJECTS);
      return objects.flatMap((object) => listedFile(object, bucket, prefix));
    },
    async freeze(file, object) {
      const standing = await runs.info(object);
      if (standing !== undefined) return isSame(file, standing) ? standing : undefined;
      if (file.content.kind !== 'generation')
        throw new PermanentError(
          `"${file.name}" was not listed by a bucket: its content is ${file.content.kind}`,
          { code: 'SOURCE_NOT_ALLOWED' },
        );
      const source = { ...splitPlace(file.id), generation: file.content.generation };
      const answer = await runs.copyFrom(object, source, { bearsTime: true });
      if (answer.kind === 'gone') return undefined;
      const copy = await runs.info(object);
      if (copy === undefined) throw notThere(runs, object, answer);
      return isSame(file, copy) ? copy : undefined;
    },
  };
}

/** The owners of another project control who writes into its bucket, and a copy would be billed to them. */
async function refuseForeign(store: ObjectStore, runs: ObjectStore): Promise<void> {
  const [found, expected] = await Promise.all([store.projectNumber(), runs.projectNumber()]);
  if (found === expected) return;
  throw new PermanentError(
    `the source gs://${store.bucket} belongs to the project number ${found}; expected a bucket of ${expected}, ` +
      'the project of the mesh',
    { code: 'SOURCE_NOT_ALLOWED' },
  );
}

/** The console creates empty objects for folders; they are not files. */
function listedFile(object: ObjectInfo, bucket: string, prefix: string): readonly ListedFile[] {
  const name = object.name.slice(prefix.length);
  if (name === '' || name.endsWith('/')) return [];
  const { generation, crc32c, sizeBytes, createdAtMs } = object;
  const content = { kind: 'generation', generation, crc32c } as const;
  return [{ id: `${bucket}/${object.name}`, name, content, sizeBytes, modifiedAtMs: createdAtMs }];
}

const isSame = ({ content, sizeBytes }: SnapshotFile, copy: ObjectInfo): boolean =>
  content.kind === 'generation' && copy.crc32c === content.crc32c && copy.sizeBytes === sizeBytes;

/** A bucket's name has no slash. */
function splitPlace(place: string): { readonly bucket: string; readonly name: string } {
  const slash = place.indexOf('/');
  return { bucket: place.slice(0, slash), name: place.slice(slash + 1) };
}
