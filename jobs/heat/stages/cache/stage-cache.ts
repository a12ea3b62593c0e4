// What a stage has made is kept under the hash of all that it follows from: the next attempt, and the next run, take it.
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { concurrently } from '../../../../shared/concurrently.ts';
import { messageOf, TransientError } from '../../../../shared/errors.ts';
import { toJson } from '../../../../shared/objects/json.ts';
import type { ObjectStore } from '../../../../shared/objects/store.ts';
import { stageManifest, type StageManifest } from '../../../../models/heat/documents.ts';
import { isStageFileName, type ListedFile, type LocalFiles, type StageResult } from '../local-files.ts';
import type { StageName } from '../stage.ts';

export interface EntryKey {
  readonly city: string;
  readonly stage: StageName;
  readonly key: string;
}

export type Lookup =
  | { readonly kind: 'hit'; readonly manifest: StageManifest; readonly result: StageResult }
  /** `damaged` says what is wrong with each entry that was left aside. */
  | { readonly kind: 'miss'; readonly damaged: readonly string[] };

/** Written last; no stage may name a file so. */
export const MANIFEST = 'manifest.json';
/**
 * An object is written once, so a damaged entry cannot be replaced: its stage's files are written into a new folder
 * beside it. After so many damaged ones the stage is computed in every run.
 */
const MOST_ENTRIES = 4;
const MOST_FILES = 5_000;
const MOST_MANIFEST_BYTES = 4 * 2 ** 20;
const AT_ONCE = 8;

export class StageCache {
  readonly #store: ObjectStore;

  constructor(store: ObjectStore) {
    this.#store = store;
  }

  /** The first whole entry. Its files are downloaded when they are read, into `local`. */
  async find(key: EntryKey, local: LocalFiles): Promise<Lookup> {
    const damaged: string[] = [];
    for (let entry = 1; entry <= MOST_ENTRIES; entry++) {
      const folder = folderOf(key, entry);
      const found = await this.#entryIn(folder, key);
      if (found === undefined) continue;
      if (typeof found === 'string') {
        damaged.push(`gs://${this.#store.bucket}/${folder}: ${found}`);
        continue;
      }
      const files = filesOf(found);
      return { kind: 'hit', manifest: found, result: this.#resultOf(folder, files, local) };
    }
    return { kind: 'miss', damaged };
  }

  /** Writes the files, then the manifest. Answers false where every folder has other content. */
  async keep(key: EntryKey, manifest: StageManifest, local: LocalFiles): Promise<boolean> {
    for (let entry = 1; entry <= MOST_ENTRIES; entry++) {
      const folder = folderOf(key, entry);
      const files = filesOf(manifest);
      const written = await concurrently(files, AT_ONCE, (file) => this.#write(folder, file, local));
      if (!written.every(Boolean)) continue;
      const text = toJson(manifest);
      const answer = await this.#store.create(`${folder}${MANIFEST}`, text, 'application/json');
      if (answer.kind === 'landed') return true;
      const stands = await this.#entryIn(folder, key);
      if (typeof stands === 'object') return true;
    }
    return false;
  }

  /** Undefined: there is no manifest. A text: what is wrong with the entry. */
  async #entryIn(
    folder: string,
    { city, stage, key }: EntryKey,
  ): Promise<StageManifest | string | undefined> {
    const name = `${folder}${MANIFEST}`;
    const info = await this.#store.info(name);
    if (info === undefined) return undefined;
    if (info.sizeBytes > MOST_MANIFEST_BYTES) return `its manifest has ${info.sizeBytes} bytes`;
    const stored = await this.#store.readText(name, MOST_MANIFEST_BYTES);
    if (stored === undefined) return undefined;
    const manifest = parsed(stored.text);
    if (typeof manifest === 'string') return manifest;
    if (manifest.city !== city || manifest.stage !== stage || manifest.key !== key)
      return `its manifest is of ${manifest.city}, ${manifest.stage}, ${manifest.key}`;
    const misnamed = manifest.files.find((file) => !isStageFileName(file.name));
    if (misnamed !== undefined) return `its manifest names ${JSON.stringify(misnamed.name)}`;
    const objects = new Map(
      (await this.#store.list(folder, MOST_FILES)).map((object) => [object.name, object]),
    );
    const lost = manifest.files.find((file) => {
      const object = objects.get(`${folder}${file.name}`);
      return object?.crc32c !== file.crc32c || object.sizeBytes !== file.size_bytes;
    });
    return lost === undefined
      ? manifest
      : `${lost.name} is missing, or has other bytes than its manifest says`;
  }

  /** Whether the object has these bytes now: written here, or by an earlier attempt. */
  async #write(folder: string, file: ListedFile, local: LocalFiles): Promise<boolean> {
    const object = `${folder}${file.name}`;
    const content = file.sizeBytes === 0 ? Readable.from([]) : local.stream(file.name);
    const answer = await this.#store.createFrom(object, content, file.type);
    if (answer.kind === 'landed') return true;
    const stands = await this.#store.info(object);
    if (stands === undefined)
      throw new TransientError(`gs://${this.#store.bucket}/${object} was not written`, {
        code: 'WRITE_UNCONFIRMED',
        ...(answer.kind === 'unknown' ? { cause: answer.cause } : {}),
      });
    return stands.crc32c === file.crc32c && stands.sizeBytes === file.sizeBytes;
  }

  #resultOf(folder: string, files: readonly ListedFile[], local: LocalFiles): StageResult {
    const downloads = new Map<string, Promise<void>>();
    const fetched = async (name: string): Promise<void> => {
      const file = files.find((each) => each.name === name);
      if (file === undefined) throw new RangeError(`the stage made no file ${name}`);
      const download = downloads.get(name) ?? this.#download(folder, file, local);
      downloads.set(name, download);
      await download;
    };
    return {
      files,
      read: async (name) => {
        await fetched(name);
        return local.read(name);
      },
      open: async (name) => {
        await fetched(name);
        return () => local.stream(name);
      },
    };
  }

  async #download(folder: string, file: ListedFile, local: LocalFiles): Promise<void> {
    const object = `${folder}${file.name}`;
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of this.#store.read(object) as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > file.sizeBytes) break;
      chunks.push(chunk);
    }
    const bytes = Buffer.concat(chunks);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    if (size !== file.sizeBytes || sha256 !== file.sha256)
      throw new TransientError(
        `gs://${this.#store.bucket}/${object} has other bytes than its manifest says; the next attempt reads it again`,
        { code: 'OBJECT_MALFORMED' },
      );
    await local.write(file.name, bytes);
  }
}

const folderOf = ({ city, stage, key }: EntryKey, entry: number): string =>
  `stages/${city}/${stage}/${key}${entry === 1 ? '' : `-${entry}`}/`;

const filesOf = ({ files }: StageManifest): readonly ListedFile[] =>
  files.map(({ size_bytes: sizeBytes, ...file }) => ({ ...file, sizeBytes }));

function parsed(text: string): StageManifest | string {
  try {
    return stageManifest.parse(JSON.parse(text));
  } catch (error) {
    return `its manifest is malformed (${messageOf(error).slice(0, 200)})`;
  }
}
