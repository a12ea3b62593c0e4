// Opens the ZIP archive that an .xlsx is, and inflates its parts within bounds (law 10).
import { crc32, inflateRawSync } from 'node:zlib';
import { UnusableWorkbook } from './unusable.ts';

const MEBIBYTE = 1024 * 1024;
/** Two million rows of three cells take some 250 MB of XML. */
export const LARGEST_INFLATED_BYTES = 512 * MEBIBYTE;
/** Honest sheets deflate to a tenth, very regular ones to a hundredth. */
const LARGEST_RATIO = 200;
const RATIO_MATTERS_FROM_BYTES = 16 * MEBIBYTE;
const MOST_ENTRIES = 2_000;

const END_SIGNATURE = 0x06054b50;
const END_BYTES = 22;
const LONGEST_COMMENT_BYTES = 65_535;
const ENTRY_SIGNATURE = 0x02014b50;
const ENTRY_BYTES = 46;
const LOCAL_SIGNATURE = 0x04034b50;
const LOCAL_BYTES = 30;
const IN_ZIP64 = 0xffffffff;
const ENCRYPTED_FLAG = 1;
const STORED = 0;
const DEFLATED = 8;
const COMPOUND_FILE_START = Buffer.from('d0cf11e0a1b11ae1', 'hex');

export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly crc32: number;
  readonly packedBytes: number;
  readonly inflatedBytes: number;
  readonly localOffset: number;
}

/**
 * The archive's entries by name, read from its directory alone: a bomb is refused by the sizes that it
 * declares, before a byte of it is inflated. Throws `UnusableWorkbook`.
 */
export function readDirectory(file: Buffer): ReadonlyMap<string, ZipEntry> {
  refuseOtherFormats(file);
  const end = endOfDirectory(file);
  const count = file.readUInt16LE(end + 10);
  if (count > MOST_ENTRIES) throw new UnusableWorkbook(`an archive of ${count} parts`);
  const entries = new Map<string, ZipEntry>();
  let inflatedBytes = 0;
  let offset = file.readUInt32LE(end + 16);
  for (let index = 0; index < count; index += 1) {
    const { entry, next } = entryAt(file, offset);
    if (entries.has(entry.name)) throw new UnusableWorkbook(`two parts named ${entry.name} in one archive`);
    entries.set(entry.name, entry);
    inflatedBytes += entry.inflatedBytes;
    offset = next;
  }
  refuseBomb(inflatedBytes, file.length);
  return entries;
}

/** The entry's bytes; more than it declared, or other ones, are refused. Throws `UnusableWorkbook`. */
export function inflate(file: Buffer, entry: ZipEntry): Buffer {
  const packed = packedBytesOf(file, entry);
  const content = entry.method === STORED ? packed : inflateWithin(packed, entry);
  if (content.length !== entry.inflatedBytes || crc32(content) !== entry.crc32) {
    throw new UnusableWorkbook(`a damaged workbook: the checksum of ${entry.name} does not agree`);
  }
  return content;
}

function refuseOtherFormats(file: Buffer): void {
  if (file.length === 0) throw new UnusableWorkbook('an empty file');
  if (file.subarray(0, COMPOUND_FILE_START.length).equals(COMPOUND_FILE_START)) {
    throw new UnusableWorkbook(
      'a password-protected workbook, or one in the old .xls format',
      'an Excel workbook (.xlsx) without a password',
    );
  }
  if (file.length < 4 || file.readUInt32LE(0) !== LOCAL_SIGNATURE) {
    throw new UnusableWorkbook('a file of another kind under an .xlsx name');
  }
}

function endOfDirectory(file: Buffer): number {
  const earliest = Math.max(0, file.length - END_BYTES - LONGEST_COMMENT_BYTES);
  for (let offset = file.length - END_BYTES; offset >= earliest; offset -= 1) {
    if (file.readUInt32LE(offset) === END_SIGNATURE) return offset;
  }
  throw new UnusableWorkbook('a truncated workbook: its end is missing');
}

function entryAt(file: Buffer, offset: number): { entry: ZipEntry; next: number } {
  if (offset + ENTRY_BYTES > file.length || file.readUInt32LE(offset) !== ENTRY_SIGNATURE) {
    throw new UnusableWorkbook('a damaged workbook: its table of parts cannot be read');
  }
  const nameEnd = offset + ENTRY_BYTES + file.readUInt16LE(offset + 28);
  const entry: ZipEntry = {
    name: file.toString('utf8', offset + ENTRY_BYTES, nameEnd),
    method: file.readUInt16LE(offset + 10),
    crc32: file.readUInt32LE(offset + 16),
    packedBytes: file.readUInt32LE(offset + 20),
    inflatedBytes: file.readUInt32LE(offset + 24),
    localOffset: file.readUInt32LE(offset + 42),
  };
  if ((file.readUInt16LE(offset + 8) & ENCRYPTED_FLAG) !== 0) {
    throw new UnusableWorkbook(
      'a password-protected archive',
      'an Excel workbook (.xlsx) without a password',
    );
  }
  if (entry.method !== STORED && entry.method !== DEFLATED) {
    throw new UnusableWorkbook(`a part packed in a way that Excel does not use (method ${entry.method})`);
  }
  if ([entry.packedBytes, entry.inflatedBytes, entry.localOffset].includes(IN_ZIP64)) {
    throw new UnusableWorkbook('an archive in the ZIP64 form, which is for files of more than 4 GB');
  }
  const next = nameEnd + file.readUInt16LE(offset + 30) + file.readUInt16LE(offset + 32);
  return { entry, next };
}

function refuseBomb(inflatedBytes: number, fileBytes: number): void {
  const ratio = Math.round(inflatedBytes / fileBytes);
  const swollen = inflatedBytes > RATIO_MATTERS_FROM_BYTES && ratio > LARGEST_RATIO;
  if (inflatedBytes <= LARGEST_INFLATED_BYTES && !swollen) return;
  const mebibytes = Math.round(inflatedBytes / MEBIBYTE);
  throw new UnusableWorkbook(
    `an archive that would inflate to ${mebibytes} MiB, ${ratio} times its size (a zip bomb)`,
    `at most ${LARGEST_INFLATED_BYTES / MEBIBYTE} MiB, and ${LARGEST_RATIO} times its size`,
  );
}

function packedBytesOf(file: Buffer, entry: ZipEntry): Buffer {
  const at = entry.localOffset;
  if (at + LOCAL_BYTES > file.length || file.readUInt32LE(at) !== LOCAL_SIGNATURE) {
    throw new UnusableWorkbook(`a damaged workbook: ${entry.name} is not where its table says`);
  }
  const nameEnd = at + LOCAL_BYTES + file.readUInt16LE(at + 26);
  if (file.toString('utf8', at + LOCAL_BYTES, nameEnd) !== entry.name) {
    throw new UnusableWorkbook(`a damaged workbook: ${entry.name} has another name in its own place`);
  }
  const start = nameEnd + file.readUInt16LE(at + 28);
  if (start + entry.packedBytes > file.length) {
    throw new UnusableWorkbook(`a truncated workbook: ${entry.name} is cut off`);
  }
  return file.subarray(start, start + entry.packedBytes);
}

function inflateWithin(packed: Buffer, entry: ZipEntry): Buffer {
  if (entry.packedBytes === 0) return Buffer.alloc(0);
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, entry.inflatedBytes) });
  } catch (cause) {
    throw new UnusableWorkbook(
      `a damaged workbook: ${entry.name} cannot be inflated to the size it declares`,
      undefined,
      { cause },
    );
  }
}
