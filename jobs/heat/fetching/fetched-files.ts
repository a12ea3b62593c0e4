// What was fetched is kept under the hash of what was asked for: the next attempt takes the same bytes and asks no service.
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { Checksum } from '../../../shared/attempts/checksum.ts';
import { TransientError } from '../../../shared/errors.ts';
import { toJson } from '../../../shared/objects/json.ts';
import type { ObjectStore } from '../../../shared/objects/store.ts';

/** A file on the disk of the job. */
export interface FetchedFile {
  readonly name: string;
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly crc32c: string;
}

const manifest = z.object({
  /** What was asked for, for those who read it. */
  asked: z.unknown(),
  files: z
    .array(
      z.object({
        name: z.string().regex(/^[a-zA-Z0-9_.-]{1,100}$/),
        sizeBytes: z.int().min(0),
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
        crc32c: z.string(),
      }),
    )
    .max(100),
});
type Manifest = z.infer<typeof manifest>;

const MOST_MANIFEST_BYTES = 1_048_576;

/** `asked` names the source, and all that the files depend on. */
export const folderOf = (source: string, asked: unknown): string =>
  `fetched/${source}/${createHash('sha256').update(JSON.stringify(asked)).digest('hex')}/`;

/** The files that stand in `folder`, downloaded and verified; undefined where no manifest does. */
export async function keptFiles(
  store: ObjectStore,
  folder: string,
  onDisk: string,
): Promise<readonly FetchedFile[] | undefined> {
  const stored = await store.readText(`${folder}manifest.json`, MOST_MANIFEST_BYTES);
  if (stored === undefined) return undefined;
  const { files } = manifest.parse(JSON.parse(stored.text));
  const local: FetchedFile[] = [];
  for (const file of files) {
    const path = join(onDisk, file.sha256);
    await pipeline(store.read(`${folder}${file.sha256}`), createWriteStream(path));
    const own = await describedFile(file.name, path);
    if (own.sha256 !== file.sha256) throw damaged(store, `${folder}${file.sha256}`);
    local.push(own);
  }
  return local;
}

/**
 * Files first, each under its own hash, then the manifest (law 4). Where another attempt's manifest stands, its files are
 * the ones: both attempts go on with the same bytes.
 */
export async function keepFiles(
  store: ObjectStore,
  folder: string,
  asked: unknown,
  files: readonly FetchedFile[],
  onDisk: string,
): Promise<readonly FetchedFile[]> {
  for (const file of files) await write(store, `${folder}${file.sha256}`, file);
  const listed = files.map(({ name, sizeBytes, sha256, crc32c }) => ({ name, sizeBytes, sha256, crc32c }));
  const content: Manifest = { asked, files: listed };
  const answer = await store.create(`${folder}manifest.json`, toJson(content), 'application/json');
  if (answer.kind === 'landed') return files;
  const stands = await keptFiles(store, folder, onDisk);
  if (stands !== undefined) return stands;
  throw new TransientError(`gs://${store.bucket}/${folder}manifest.json was not written`, {
    code: 'WRITE_UNCONFIRMED',
  });
}

async function write(store: ObjectStore, object: string, file: FetchedFile): Promise<void> {
  const answer = await store.createFrom(object, createReadStream(file.path), 'application/octet-stream');
  if (answer.kind === 'landed') return;
  const stands = await store.info(object);
  if (stands === undefined)
    throw new TransientError(`gs://${store.bucket}/${object} was not written`, { code: 'WRITE_UNCONFIRMED' });
  if (stands.crc32c !== file.crc32c || stands.sizeBytes !== file.sizeBytes) throw damaged(store, object);
}

const damaged = ({ bucket }: ObjectStore, object: string): TransientError =>
  new TransientError(
    `gs://${bucket}/${object} has other bytes than its name says; delete it, and the next attempt fetches it again`,
    { code: 'OBJECT_MALFORMED' },
  );

/** Reads the file once, for its size and checksums. */
export async function describedFile(name: string, path: string): Promise<FetchedFile> {
  const [sha256, sum] = [createHash('sha256'), new Checksum()];
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    sha256.update(chunk);
    sum.add(chunk);
  }
  return { name, path, sizeBytes: sum.sizeBytes, sha256: sha256.digest('hex'), crc32c: sum.crc32c };
}
