// The first directory of a TIFF, read and checked by our own code before the library takes memory for what it declares.
import { UnusableFile } from '../unusable.ts';

/** Bytes of a file of the disk, or of an object that is read by ranges. Throws `UnusableFile` beyond the end. */
export interface ByteSource {
  readonly name: string;
  readonly sizeBytes: number;
  read(offset: number, length: number, place?: string): Promise<Uint8Array> | Uint8Array;
}

/** Numbers of each tag; texts and fractions are left to the library. */
export type Directory = ReadonlyMap<number, readonly number[]>;

const SIZES = new Map([1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8].map((size, at) => [at + 1, size]));
const [SHORT, LONG, LONG8] = [3, 4, 16];
for (const type of [LONG8, 17, 18]) SIZES.set(type, 8);
const [MOST_ENTRIES, MOST_VALUES] = [1000, 2 ** 22];

export async function readDirectory(source: ByteSource): Promise<Directory> {
  const refuse = (found: string, expected: string): never => {
    throw new UnusableFile({ file: source.name, place: 'directory 1', found, expected });
  };
  const header = Buffer.from(await source.read(0, Math.min(16, source.sizeBytes)));
  const order = header.toString('latin1', 0, 2);
  const little = order === 'II';
  const version = header.length < 8 ? 0 : little ? header.readUInt16LE(2) : header.readUInt16BE(2);
  const isBig = version === 43;
  if (!['II', 'MM'].includes(order) || ![42, 43].includes(version) || (isBig && header.length < 16))
    refuse(`the bytes ${header.subarray(0, 4).toString('hex')}`, 'a TIFF file');
  const number = (bytes: Buffer, at: number, size: number): number => {
    if (size === 8) return Number(little ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
    return little ? bytes.readUIntLE(at, size) : bytes.readUIntBE(at, size);
  };
  const [countBytes, entryBytes, offsetBytes] = isBig ? [8, 20, 8] : [2, 12, 4];
  const start = number(header, isBig ? 8 : 4, offsetBytes);
  const at = async (offset: number, length: number) =>
    Buffer.from(await source.read(offset, length, 'directory 1'));
  const count = number(await at(start, countBytes), 0, countBytes);
  if (count < 1 || count > MOST_ENTRIES) refuse(`${count} entries`, `1 to ${MOST_ENTRIES}`);
  const entries = await at(start + countBytes, count * entryBytes);
  const directory = new Map<number, readonly number[]>();
  for (let entry = 0; entry < entries.length; entry += entryBytes) {
    const [tag, type] = [number(entries, entry, 2), number(entries, entry + 2, 2)];
    const values = number(entries, entry + 4, offsetBytes);
    const size = SIZES.get(type);
    if (size === undefined) return refuse(`tag ${tag} of type ${type}`, 'a type of TIFF');
    const [place, length] = [entry + 4 + offsetBytes, values * size];
    const offset = length <= offsetBytes ? undefined : number(entries, place, offsetBytes);
    if (offset !== undefined && !(offset + length <= source.sizeBytes))
      refuse(
        `tag ${tag} of ${length} bytes at byte ${offset}`,
        `bytes of the file, which has ${source.sizeBytes}`,
      );
    if (type !== SHORT && type !== LONG && type !== LONG8) continue;
    if (values > MOST_VALUES) refuse(`tag ${tag} of ${values} values`, `at most ${MOST_VALUES}`);
    const bytes = offset === undefined ? entries.subarray(place, place + length) : await at(offset, length);
    directory.set(
      tag,
      Array.from({ length: values }, (_, index) => number(bytes, index * size, size)),
    );
  }
  return directory;
}
