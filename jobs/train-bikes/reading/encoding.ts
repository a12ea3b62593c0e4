// The text of an export: UTF-8 or UTF-16, and Latin-1 line by line where the bytes are not UTF-8.
import { startingWith } from './bytes.ts';

/** What the bytes turned out to be, counted while they are decoded. */
export interface Encoding {
  name: 'UTF-8' | 'UTF-16 LE' | 'UTF-16 BE';
  /** Lines that are not UTF-8. */
  latin1Lines: number;
}

const LINE_FEED = 0x0a;
const LONGEST_REST_BYTES = 1024 * 1024;
const MARKS = { 'UTF-16 LE': Buffer.from([0xff, 0xfe]), 'UTF-16 BE': Buffer.from([0xfe, 0xff]) };
const utf8 = new TextDecoder('utf-8', { fatal: true });
/** Latin-1 with the letters that Windows adds to it. */
const latin1 = new TextDecoder('windows-1252');

/** Pieces of text; where it is UTF-8, of whole lines. A byte order mark is left out. */
export async function* textOf(
  bytes: AsyncIterable<Buffer>,
  encoding: Encoding,
): AsyncGenerator<string, void, undefined> {
  let decode: ((piece: Buffer, isLast: boolean) => string) | undefined;
  for await (const piece of startingWith(2, bytes)) {
    decode ??= decoderOf(piece, encoding);
    yield decode(piece, false);
  }
  if (decode !== undefined) yield decode(Buffer.alloc(0), true);
}

function decoderOf(start: Buffer, encoding: Encoding): (piece: Buffer, isLast: boolean) => string {
  const mark = start.subarray(0, 2);
  for (const name of ['UTF-16 LE', 'UTF-16 BE'] as const) {
    if (!mark.equals(MARKS[name])) continue;
    encoding.name = name;
    const utf16 = new TextDecoder(name === 'UTF-16 LE' ? 'utf-16le' : 'utf-16be');
    return (piece, isLast) => utf16.decode(piece, { stream: !isLast });
  }
  return linesDecoder(encoding);
}

/** No byte of a longer UTF-8 sequence is a line feed, so that a line can be decoded by itself. */
function linesDecoder(encoding: Encoding): (piece: Buffer, isLast: boolean) => string {
  let rest = Buffer.alloc(0);
  return (piece, isLast) => {
    const whole = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    // A file without line feeds is cut anywhere; its lines are too long to be used.
    const isCut = isLast || rest.length > LONGEST_REST_BYTES;
    const end = isCut ? whole.length : whole.lastIndexOf(LINE_FEED) + 1;
    rest = Buffer.from(whole.subarray(end));
    return linesOf(whole.subarray(0, end), encoding);
  };
}

function linesOf(bytes: Buffer, encoding: Encoding): string {
  const text = asUtf8(bytes);
  if (text !== undefined) return text;
  const lines: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const feed = bytes.indexOf(LINE_FEED, at);
    const end = feed === -1 ? bytes.length : feed + 1;
    const line = bytes.subarray(at, end);
    const asText = asUtf8(line);
    if (asText === undefined) encoding.latin1Lines += 1;
    lines.push(asText ?? latin1.decode(line));
    at = end;
  }
  return lines.join('');
}

function asUtf8(bytes: Buffer): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** The bytes of windows-1252 and of Latin-1, by their letters. */
const BYTES = new Map([
  ...Array.from({ length: 256 }, (_, byte) => [String.fromCharCode(byte), byte] as const),
  ...Array.from({ length: 256 }, (_, byte) => [latin1.decode(Uint8Array.of(byte)), byte] as const),
]);
/** The start of a sequence of UTF-8, as Latin-1 shows it. */
const TWICE_ENCODED = /[\u00c3\u00c2\u00e2]./;

/** Undoes an encoding that was done twice: `SÃ©bastopol` is `Sébastopol`. Any other text stays as it is. */
export function encodedOnce(text: string): string {
  if (!TWICE_ENCODED.test(text)) return text;
  const bytes = Array.from(text, (letter) => BYTES.get(letter));
  if (bytes.includes(undefined)) return text;
  return asUtf8(Buffer.from(bytes as number[])) ?? text;
}
