// Brings a part into UTF-8 by its byte order mark and its declaration, and holds its bytes to what they say.
import { isAscii, isUtf8 } from 'node:buffer';
import type { Part } from '../package/package.ts';
import { unusable } from '../unusable.ts';

const DECLARATION_WITHIN_BYTES = 1024;
const MARKS = [
  { name: 'UTF-32', bytes: Buffer.from([0xff, 0xfe, 0, 0]) },
  { name: 'UTF-8', bytes: Buffer.from([0xef, 0xbb, 0xbf]) },
  { name: 'UTF-16LE', bytes: Buffer.from([0xff, 0xfe]) },
  { name: 'UTF-16BE', bytes: Buffer.from([0xfe, 0xff]) },
];
/** Encodings of one byte a letter that workbooks were met in, by the names that they declare. */
const ONE_BYTE = new Map([
  ['iso-8859-1', 'iso-8859-1'],
  ['latin1', 'iso-8859-1'],
  ['iso-8859-15', 'iso-8859-15'],
  ['windows-1252', 'windows-1252'],
  ['cp1252', 'windows-1252'],
  ['us-ascii', 'us-ascii'],
  ['ascii', 'us-ascii'],
]);

/** The part's bytes in UTF-8, without a mark. Throws `UnusableWorkbook` where they are not what they say. */
export async function* inUtf8(part: Part): AsyncGenerator<Buffer, void, undefined> {
  let recode: ((bytes: Buffer, isLast: boolean) => Buffer) | undefined;
  let head: Buffer = Buffer.alloc(0);
  for await (const chunk of part.chunks()) {
    if (recode !== undefined) {
      yield recode(chunk, false);
      continue;
    }
    head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
    if (head.length < DECLARATION_WITHIN_BYTES) continue;
    const { markBytes, encoding } = encodingOf(head, part.name);
    recode = recoder(encoding, part.name);
    yield recode(head.subarray(markBytes), false);
  }
  if (recode !== undefined) yield recode(Buffer.alloc(0), true);
  else {
    const { markBytes, encoding } = encodingOf(head, part.name);
    yield recoder(encoding, part.name)(head.subarray(markBytes), true);
  }
}

function encodingOf(head: Buffer, part: string): { markBytes: number; encoding: string } {
  const mark = MARKS.find(({ bytes }) => head.subarray(0, bytes.length).equals(bytes));
  const markBytes = mark?.bytes.length ?? 0;
  if (mark?.name.startsWith('UTF-16') === true) {
    const text = new TextDecoder(mark.name).decode(head.subarray(0, DECLARATION_WITHIN_BYTES));
    const declared = declaredIn(text);
    if (declared !== undefined && !/^utf-?16(le|be)?$/.test(declared)) {
      throw unusable(`the part ${part}, which is ${mark.name} and declares ${shown(declared)}`);
    }
    return { markBytes, encoding: mark.name };
  }
  if (mark?.name === 'UTF-32' || head.subarray(0, 4).includes(0)) {
    throw unusable(`the part ${part} in UTF-16 or UTF-32 without the byte order mark that it needs`);
  }
  const declared = declaredIn(
    head.subarray(markBytes, markBytes + DECLARATION_WITHIN_BYTES).toString('latin1'),
  );
  if (declared === undefined || /^utf-?8$/.test(declared)) return { markBytes, encoding: 'utf-8' };
  if (mark !== undefined) throw unusable(`the part ${part}, which is UTF-8 and declares ${shown(declared)}`);
  const encoding = ONE_BYTE.get(declared);
  if (encoding === undefined) {
    throw unusable(`the part ${part} in the encoding ${shown(declared)}, which a workbook may not have`);
  }
  return { markBytes, encoding };
}

const declaredIn = (head: string): string | undefined =>
  /^<\?xml\s[^>]*?\sencoding\s*=\s*(?:"([^"]*)"|'([^']*)')/
    .exec(head)
    ?.slice(1)
    .find((name) => name !== undefined)
    ?.toLowerCase();

const shown = (declared: string): string => `"${declared.slice(0, 40)}"`;

function recoder(encoding: string, part: string): (bytes: Buffer, isLast: boolean) => Buffer {
  const wrong = () => unusable(`the part ${part}, whose bytes are not the ${encoding} that it declares`);
  if (encoding === 'utf-8') return proven(wrong);
  if (encoding === 'us-ascii') {
    return (bytes) => {
      if (!isAscii(bytes)) throw wrong();
      return bytes;
    };
  }
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  return (bytes, isLast) => {
    // The decoder takes these bytes of ISO-8859-1 for those of windows-1252: letters where there are none.
    if (encoding === 'iso-8859-1' && bytes.some((byte) => byte >= 0x80 && byte < 0xa0)) throw wrong();
    try {
      return Buffer.from(decoder.decode(bytes, { stream: !isLast }), 'utf8');
    } catch {
      throw wrong();
    }
  };
}

/** UTF-8 in pieces that end with a whole letter. */
function proven(wrong: () => Error): (bytes: Buffer, isLast: boolean) => Buffer {
  let held = Buffer.alloc(0);
  return (piece, isLast) => {
    const bytes = held.length === 0 ? piece : Buffer.concat([held, piece]);
    const whole = bytes.subarray(0, isLast ? bytes.length : wholeLetters(bytes));
    held = Buffer.from(bytes.subarray(whole.length));
    if (!isUtf8(whole)) throw wrong();
    return whole;
  };
}

/** Where the last letter begins, when it continues in the next piece; otherwise the end. */
function wholeLetters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) break;
    if (byte >= 0xc0) {
      const letterBytes = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return letterBytes > back ? bytes.length - back : bytes.length;
    }
  }
  return bytes.length;
}
