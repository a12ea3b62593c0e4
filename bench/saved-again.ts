// A workbook saved again unchanged: other bytes, the same cells.

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_OFFSET = 16;
const ENTRY_SECONDS = 12;

/** The zip with another time of saving in its directory's first entry; everything else stays. */
export function savedAgain(workbook: Buffer): Buffer {
  const signature = Buffer.alloc(4);
  signature.writeUInt32LE(END_OF_DIRECTORY);
  const end = workbook.lastIndexOf(signature);
  if (end === -1) throw new RangeError('this is no zip file: it has no directory');
  const changed = Buffer.from(workbook);
  const seconds = workbook.readUInt32LE(end + DIRECTORY_OFFSET) + ENTRY_SECONDS;
  changed.writeUInt8(changed.readUInt8(seconds) ^ 1, seconds);
  return changed;
}
