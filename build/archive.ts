// Makes one zip of a folder, with the same bytes for the same files: an unchanged function keeps its object and is not rebuilt.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';

const LOCAL_HEADER = 0x04034b50;
const DIRECTORY_ENTRY = 0x02014b50;
const END = 0x06054b50;
const VERSION = 20;
const MADE_ON_UNIX = 3 << 8;
const DEFLATED = 8;
/** Names are UTF-8. */
const FLAGS = 1 << 11;
/** The first day that a zip can name, for every file: the time of a build must not change the bytes. */
const FIRST_DAY = (1 << 5) | 1;
/** A plain file that all users may read, whatever the umask of the machine that builds. */
const ATTRIBUTES = 0o100644 * 0x10000;
/** The largest archive that needs no zip64; Cloud Functions takes 512 MB at most. */
const MOST_BYTES = 512 * 1024 * 1024;

export function archiveOf(folder: string): Buffer {
  const names = filesUnder(folder);
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const name of names) {
    const content = readFileSync(join(folder, name));
    const packed = deflateRawSync(content, { level: 9 });
    const common = commonFields(name, content, packed);
    const file = Buffer.concat([number32(LOCAL_HEADER), common, Buffer.from(name), packed]);
    files.push(file);
    directory.push(entryOf(name, common, offset));
    offset += file.length;
    if (offset > MOST_BYTES)
      throw new Error(
        `${folder} is larger than ${MOST_BYTES} bytes when packed; Cloud Functions accepts no more`,
      );
  }
  const table = Buffer.concat(directory);
  return Buffer.concat([...files, table, endOf(names.length, table.length, offset)]);
}

/** The paths of a folder's files, relative to it, in the same order on every machine. */
export const filesUnder = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .toSorted();

const entryOf = (name: string, common: Buffer, offset: number): Buffer =>
  Buffer.concat([
    number32(DIRECTORY_ENTRY),
    number16(MADE_ON_UNIX | VERSION),
    common,
    // No comment, on the first disk, no internal attributes.
    Buffer.alloc(6),
    number32(ATTRIBUTES),
    number32(offset),
    Buffer.from(name),
  ]);

/** The fields that a file's own header shares with its entry in the directory, in the same order. */
const commonFields = (name: string, content: Buffer, packed: Buffer): Buffer =>
  Buffer.concat([
    ...[VERSION, FLAGS, DEFLATED, 0, FIRST_DAY].map(number16),
    ...[crc32(content), packed.length, content.length].map(number32),
    number16(Buffer.byteLength(name)),
    number16(0),
  ]);

const endOf = (count: number, directoryBytes: number, offset: number): Buffer =>
  Buffer.concat([
    number32(END),
    Buffer.alloc(4),
    number16(count),
    number16(count),
    number32(directoryBytes),
    number32(offset),
    number16(0),
  ]);

function number16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function number32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
