// Reads the table of parts of the ZIP archive that an .xlsx is, within bounds (law 10).
import { unusable, UnusableWorkbook } from '../unusable.ts';
import { directorySpan } from './end.ts';

const MEBIBYTE = 1024 * 1024;
/** Two million rows of three cells take some 250 MB of XML. */
const LARGEST_INFLATED_BYTES = 512 * MEBIBYTE;
/** Honest sheets deflate to a tenth, very regular ones to a hundredth. */
const LARGEST_RATIO = 200;
const RATIO_MATTERS_FROM_BYTES = 16 * MEBIBYTE;
const MOST_ENTRIES = 2_000;
const LONGEST_NAME_BYTES = 1_000;

const ENTRY_SIGNATURE = 0x02014b50;
const ENTRY_BYTES = 46;
const LOCAL_SIGNATURE = 0x04034b50;
const LOCAL_BYTES = 30;
const ZIP64_EXTRA = 0x0001;
const IN_ZIP64 = 0xffffffff;
const ENCRYPTED_FLAG = 1;
const SIZES_FOLLOW_FLAG = 8;
export const STORED = 0;
const DEFLATED = 8;
const COMPOUND_FILE_START = Buffer.from('d0cf11e0a1b11ae1', 'hex');

export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly crc32: number;
  readonly inflatedBytes: number;
  /** Where its packed bytes lie in the file. */
  readonly start: number;
  readonly end: number;
}

interface Listed extends Omit<ZipEntry, 'start' | 'end'> {
  readonly nameBytes: Buffer;
  readonly packedBytes: number;
  readonly localOffset: number;
}

/**
 * The archive's entries, from its directory and their own headers alone: a bomb is refused by the sizes that
 * it declares, before a byte of it is inflated. Throws `UnusableWorkbook`.
 */
export function readDirectory(file: Buffer): readonly ZipEntry[] {
  refuseOtherFormats(file);
  const { count, start, end } = directorySpan(file);
  if (count > MOST_ENTRIES) throw new UnusableWorkbook(`an archive of ${count} parts`);
  const listed: Listed[] = [];
  let offset = start;
  for (let index = 0; index < count; index += 1) {
    const { entry, next } = entryAt(file, offset, end);
    listed.push(entry);
    offset = next;
  }
  if (offset !== end) throw unusable('a damaged workbook: its table of parts does not end where it should');
  refuseBomb(
    listed.reduce((sum, { inflatedBytes }) => sum + inflatedBytes, 0),
    file.length,
  );
  return place(file, listed, start);
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

function entryAt(file: Buffer, offset: number, end: number): { entry: Listed; next: number } {
  const damaged = () => unusable('a damaged workbook: its table of parts cannot be read');
  if (offset + ENTRY_BYTES > end || file.readUInt32LE(offset) !== ENTRY_SIGNATURE) throw damaged();
  const nameEnd = offset + ENTRY_BYTES + file.readUInt16LE(offset + 28);
  const extraEnd = nameEnd + file.readUInt16LE(offset + 30);
  const next = extraEnd + file.readUInt16LE(offset + 32);
  if (next > end) throw damaged();
  const nameBytes = file.subarray(offset + ENTRY_BYTES, nameEnd);
  if (nameBytes.length > LONGEST_NAME_BYTES) {
    throw unusable(`a part whose name has ${nameBytes.length} bytes, more than ${LONGEST_NAME_BYTES}`);
  }
  const method = file.readUInt16LE(offset + 10);
  if ((file.readUInt16LE(offset + 8) & ENCRYPTED_FLAG) !== 0) {
    throw new UnusableWorkbook(
      'a password-protected archive',
      'an Excel workbook (.xlsx) without a password',
    );
  }
  if (method !== STORED && method !== DEFLATED) {
    throw unusable(`a part packed in a way that Excel does not use (method ${method})`);
  }
  const wide = wideNumbers(file.subarray(nameEnd, extraEnd));
  const number = (at: number): number => {
    const narrow = file.readUInt32LE(at);
    const value = narrow === IN_ZIP64 ? wide.shift() : narrow;
    if (value === undefined) throw damaged();
    return value;
  };
  // The order of the wide numbers is that of the fields which lack them.
  const inflatedBytes = number(offset + 24);
  const packedBytes = number(offset + 20);
  const localOffset = number(offset + 42);
  const name = nameBytes.toString('utf8');
  const crc32 = file.readUInt32LE(offset + 16);
  return { entry: { name, nameBytes, method, crc32, inflatedBytes, packedBytes, localOffset }, next };
}

/** The 64-bit numbers of the ZIP64 extra field, where there is one. */
function wideNumbers(extra: Buffer): number[] {
  for (let at = 0; at + 4 <= extra.length;) {
    const end = at + 4 + extra.readUInt16LE(at + 2);
    if (extra.readUInt16LE(at) === ZIP64_EXTRA && end <= extra.length) {
      const numbers: number[] = [];
      for (at += 4; at + 8 <= end; at += 8) numbers.push(Number(extra.readBigUInt64LE(at)));
      return numbers;
    }
    at = end;
  }
  return [];
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

/** Finds each entry's bytes, and holds the archive to having no byte in two entries. */
function place(file: Buffer, listed: readonly Listed[], directoryStart: number): readonly ZipEntry[] {
  const placed = listed.map((entry): ZipEntry => {
    const start = startOf(file, entry);
    return { ...entry, start, end: start + entry.packedBytes };
  });
  const order = listed.map((_, index) => index);
  order.sort((one, other) => (listed[one]?.localOffset ?? 0) - (listed[other]?.localOffset ?? 0));
  order.forEach((index, at) => {
    const limit = listed[order[at + 1] ?? -1]?.localOffset ?? directoryStart;
    const entry = placed[index];
    if (entry !== undefined && entry.end > limit) {
      throw unusable(`a damaged workbook: ${entry.name} reaches into what follows it`);
    }
  });
  return placed;
}

function startOf(file: Buffer, { name, nameBytes, localOffset, ...entry }: Listed): number {
  if (localOffset + LOCAL_BYTES > file.length || file.readUInt32LE(localOffset) !== LOCAL_SIGNATURE) {
    throw unusable(`a damaged workbook: ${name} is not where its table says`);
  }
  const nameEnd = localOffset + LOCAL_BYTES + file.readUInt16LE(localOffset + 26);
  if (!file.subarray(localOffset + LOCAL_BYTES, nameEnd).equals(nameBytes)) {
    throw unusable(`a damaged workbook: ${name} has another name in its own place`);
  }
  const agrees = (at: number, listed: number): boolean => {
    const own = file.readUInt32LE(localOffset + at);
    const follows = (file.readUInt16LE(localOffset + 6) & SIZES_FOLLOW_FLAG) !== 0;
    return own === listed || (own === 0 && follows) || own === IN_ZIP64;
  };
  const isSame =
    file.readUInt16LE(localOffset + 8) === entry.method &&
    agrees(14, entry.crc32) &&
    agrees(18, entry.packedBytes) &&
    agrees(22, entry.inflatedBytes);
  if (!isSame) throw unusable(`a damaged workbook: ${name} is described in two ways`);
  return nameEnd + file.readUInt16LE(localOffset + 28);
}
