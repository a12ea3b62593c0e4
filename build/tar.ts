// Makes one compressed tar of a folder, with the same bytes for the same files: the form in which Cloud Run takes the source of a service.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { filesUnder } from './archive.ts';

const BLOCK = 512;
const LONGEST_NAME = 100;
/** A plain file that all users may read, whatever the umask of the machine that builds. */
const MODE = '0000644';
const CHECKSUM_AT = 148;
/** Where gzip records the operating system, which must not change the bytes; 255 records none. */
const [SYSTEM_AT, NO_SYSTEM] = [9, 255];

export function tarOf(folder: string): Buffer {
  const parts = filesUnder(folder).flatMap((name) => {
    const content = readFileSync(join(folder, name));
    const padding = Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK);
    return [headerOf(name, content.length), content, padding];
  });
  // Two empty blocks end a tar.
  const packed = gzipSync(Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)]), { level: 9 });
  packed[SYSTEM_AT] = NO_SYSTEM;
  return packed;
}

/** A header of POSIX's ustar, without times and owners, which differ between the machines that build. */
function headerOf(name: string, sizeBytes: number): Buffer {
  if (Buffer.byteLength(name) > LONGEST_NAME)
    throw new RangeError(
      `${name} has more than ${LONGEST_NAME} bytes: expected a shorter path in the bundle`,
    );
  const header = Buffer.alloc(BLOCK);
  const fields: readonly (readonly [at: number, text: string])[] = [
    [0, name],
    [100, MODE],
    [108, octal(0, 7)],
    [116, octal(0, 7)],
    [124, octal(sizeBytes, 11)],
    [136, octal(0, 11)],
    // The checksum is computed over spaces in its own place.
    [CHECKSUM_AT, ' '.repeat(8)],
    [156, '0'],
    [257, 'ustar'],
    [263, '00'],
  ];
  for (const [at, text] of fields) header.write(text, at, 'utf8');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 6)}\0 `, CHECKSUM_AT, 'utf8');
  return header;
}

const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, '0');
