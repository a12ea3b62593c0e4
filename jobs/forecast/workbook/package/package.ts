// The parts of a workbook's package: found by their names as OPC compares them, each inflated once at most.
import { readDirectory, type ZipEntry } from '../archive/directory.ts';
import { inflate } from '../archive/inflate.ts';
import { unusable } from '../unusable.ts';
import { partKey } from './names.ts';

export interface Part {
  /** As the archive calls it, for messages. */
  readonly name: string;
  readonly key: string;
  /** Its bytes, once; throws `UnusableWorkbook` where they are not what the archive declares. */
  chunks(): AsyncIterable<Buffer>;
}

const LARGEST_SMALL_PART_BYTES = 32 * 1024 * 1024;
const CONTENT_TYPES = '[content_types].xml';

export class WorkbookPackage {
  readonly #file: Buffer;
  readonly #entries = new Map<string, ZipEntry>();
  readonly #opened = new Set<string>();

  /** Throws `UnusableWorkbook`, which says what the file is instead. */
  constructor(file: Buffer) {
    this.#file = file;
    for (const entry of readDirectory(file)) {
      const key = partKey(entry.name);
      // An entry for a folder is no part.
      if (key.endsWith('/') && entry.inflatedBytes === 0) continue;
      const other = this.#entries.get(key);
      if (other !== undefined) throw unusable(collision(other.name, entry.name));
      this.#entries.set(key, entry);
    }
    if (!this.#entries.has(CONTENT_TYPES)) {
      throw unusable('an archive without [Content_Types].xml, so no workbook');
    }
  }

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  /** A part that is no sheet and no table of texts: what is larger is none that Excel writes. */
  openSmall(key: string): Part {
    const sizeBytes = this.#entries.get(key)?.inflatedBytes ?? 0;
    if (sizeBytes > LARGEST_SMALL_PART_BYTES) {
      throw unusable(`the part ${key} of ${sizeBytes} bytes, more than ${LARGEST_SMALL_PART_BYTES}`);
    }
    return this.open(key);
  }

  /** Throws `UnusableWorkbook` when there is no such part, or it was opened before. */
  open(key: string): Part {
    const entry = this.#entries.get(key);
    if (entry === undefined) throw unusable(`an archive without ${key}, so no whole workbook`);
    if (this.#opened.has(key)) throw unusable(`the part ${entry.name} in two roles`);
    this.#opened.add(key);
    return { name: entry.name, key, chunks: () => inflate(this.#file, entry) };
  }

  /** Verifies the bytes of all parts that were not opened: no part of a damaged archive is trusted. */
  async backtestOthers(except: ReadonlySet<string>): Promise<void> {
    for (const [key, entry] of this.#entries) {
      if (this.#opened.has(key) || except.has(key)) continue;
      for await (const chunk of inflate(this.#file, entry)) void chunk;
    }
  }
}

const collision = (one: string, other: string): string =>
  one === other
    ? `two parts named ${one} in one archive`
    : `the parts ${one} and ${other}, whose names are the same`;
