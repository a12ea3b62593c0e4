// Finds the end record of a ZIP archive, in its plain or its ZIP64 form: where the table of parts lies.
import { unusable, UnusableWorkbook } from '../unusable.ts';

const END_SIGNATURE = 0x06054b50;
const END_BYTES = 22;
const LONGEST_COMMENT_BYTES = 65_535;
const LOCATOR_SIGNATURE = 0x07064b50;
const LOCATOR_BYTES = 20;
const END64_SIGNATURE = 0x06064b50;
const END64_BYTES = 56;
const IN_ZIP64 = [0xffff, 0xffffffff];

export interface DirectorySpan {
  readonly count: number;
  readonly start: number;
  readonly end: number;
}

/** Throws `UnusableWorkbook` when the end is missing, or does not agree with the file. */
export function directorySpan(file: Buffer): DirectorySpan {
  const at = endRecord(file);
  const disks = file.readUInt16LE(at + 4) + file.readUInt16LE(at + 6);
  const count = file.readUInt16LE(at + 10);
  const sizeBytes = file.readUInt32LE(at + 12);
  const start = file.readUInt32LE(at + 16);
  const isZip64 = [count, sizeBytes, start].some((value) => IN_ZIP64.includes(value));
  const located = isZip64 ? spanOfZip64(file, at) : { count, sizeBytes, start, recordAt: at };
  if (disks !== 0 || count !== file.readUInt16LE(at + 8)) throw unusable('a part of a split archive');
  const end = located.start + located.sizeBytes;
  if (end !== located.recordAt) {
    throw unusable('a damaged workbook: its table of parts is not where its end says');
  }
  return { count: located.count, start: located.start, end };
}

/** The record's comment has to end with the file: a comment may hold the signature of another end. */
function endRecord(file: Buffer): number {
  const earliest = Math.max(0, file.length - END_BYTES - LONGEST_COMMENT_BYTES);
  for (let at = file.length - END_BYTES; at >= earliest; at -= 1) {
    const isEnd = file.readUInt32LE(at) === END_SIGNATURE;
    if (isEnd && at + END_BYTES + file.readUInt16LE(at + 20) === file.length) return at;
  }
  throw new UnusableWorkbook('a truncated workbook: its end is missing');
}

function spanOfZip64(file: Buffer, endAt: number) {
  const locator = endAt - LOCATOR_BYTES;
  if (locator < 0 || file.readUInt32LE(locator) !== LOCATOR_SIGNATURE) {
    throw unusable('a damaged workbook: its ZIP64 end is missing');
  }
  const at = Number(file.readBigUInt64LE(locator + 8));
  if (at > locator - END64_BYTES || file.readUInt32LE(at) !== END64_SIGNATURE) {
    throw unusable('a damaged workbook: its ZIP64 end is not where its locator says');
  }
  return {
    count: Number(file.readBigUInt64LE(at + 32)),
    sizeBytes: Number(file.readBigUInt64LE(at + 40)),
    start: Number(file.readBigUInt64LE(at + 48)),
    recordAt: at,
  };
}
