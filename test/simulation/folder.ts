// The watched folder: what Drive remembers of it, in memory, and what analysts do to it.
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { PermanentError } from '../../shared/errors.ts';
import type { SourceFolder } from '../../shared/sources/drive.ts';
import type { FileContent, SnapshotFile, SourceFile } from '../../shared/sources/snapshot.ts';
import type { Instance, Wire } from './wire.ts';

interface DriveFile {
  readonly id: string;
  readonly name: string;
  readonly text: string;
  /** A Google Sheet has a version in place of a hash. */
  readonly isSheet: boolean;
  readonly version: number;
  /** What is in the trash can still be read; what was deleted for good cannot. */
  readonly place: 'folder' | 'elsewhere' | 'trash' | 'deleted';
  readonly modifiedMs: number;
}

export const FLUX = '2025 flux quotidiens.xlsx';
export const TRANSCO = 'Transco.xlsx';
export const OPENINGS = 'OE 2024.xlsx';

export class SimulatedFolder {
  readonly #files = new Map<string, DriveFile>();
  readonly #texts = new Map<string, string>();
  /** When anything in the folder changed. */
  readonly changesMs: number[] = [];

  add(id: string, name: string, text: string, isSheet: boolean, nowMs: number): void {
    if (this.#files.has(id)) return this.edit(id, text, nowMs);
    this.#put({ id, name, text, isSheet, version: 1, place: 'folder', modifiedMs: nowMs }, nowMs);
  }

  edit(id: string, text: string, nowMs: number, modifiedMs = nowMs): void {
    this.#change(id, nowMs, { text, modifiedMs });
  }

  /** Drive counts none of these as a modification of the content. */
  rename = (id: string, name: string, nowMs: number): void => this.#change(id, nowMs, { name });
  move = (id: string, place: DriveFile['place'], nowMs: number): void => this.#change(id, nowMs, { place });

  placeOf(id: string): DriveFile['place'] | undefined {
    return this.#files.get(id)?.place;
  }

  /** What the file held when it had this content; undefined when it never did. */
  textOf(id: string, content: FileContent): string | undefined {
    return this.#texts.get(nameOf(id, content));
  }

  list(): SourceFile[] {
    return [...this.#files.values()]
      .filter(({ place }) => place === 'folder')
      .map((file) => ({
        id: file.id,
        name: file.name,
        content: contentOf(file),
        sizeBytes: file.text.length,
        modifiedAtMs: file.modifiedMs,
      }));
  }

  port(instance: Instance, wire: Wire): SourceFolder {
    const call = <T>(what: string, effect: () => T) =>
      wire.call({ instance, what: `drive.${what}`, effect, retried: true });
    return {
      list: () => call('list', () => this.list()),
      read: ({ id, name }: SnapshotFile) =>
        call(`read ${name}`, () => {
          const file = this.#files.get(id);
          if (file === undefined || file.place === 'deleted') return undefined;
          if (file.text.includes('unreadable')) throw new PermanentError(`"${name}" cannot be exported`);
          return Readable.from([Buffer.from(file.text)]);
        }),
      contentNow: ({ id, name }: SnapshotFile) =>
        call(`poll ${name}`, () => {
          const file = this.#files.get(id);
          const isThere = file?.place === 'folder' || file?.place === 'elsewhere';
          return isThere ? contentOf(file) : undefined;
        }),
    };
  }

  #change(id: string, nowMs: number, change: Partial<DriveFile>): void {
    const file = this.#files.get(id);
    if (file !== undefined) this.#put({ ...file, ...change, version: file.version + 1 }, nowMs);
  }

  #put(file: DriveFile, nowMs: number): void {
    this.#files.set(file.id, file);
    this.#texts.set(nameOf(file.id, contentOf(file)), file.text);
    this.changesMs.push(nowMs);
  }
}

const contentOf = ({ isSheet, version, text }: DriveFile): FileContent =>
  isSheet
    ? { kind: 'sheet-version', version: String(version) }
    : { kind: 'md5', md5Hex: createHash('md5').update(text).digest('hex') };

const nameOf = (id: string, content: FileContent): string =>
  content.kind === 'md5' ? content.md5Hex : `${id} ${JSON.stringify(content)}`;
