// Text and attribute values as XML writes them: references resolved, and nothing else let through.
import { unusable } from '../unusable.ts';

const SPACE = 32;
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
/** What XML 1.0 does not allow as a character, written plainly or by its number. */
const FORBIDDEN = /[^\P{Cc}\t\n\r\u007f-\u009f]|[\ufffe\uffff]|\p{Cs}/u;

/** The text between two offsets. Throws `UnusableWorkbook` for a character or a reference that XML has not. */
export function textAt(bytes: Buffer, start: number, end: number, isLiteral: boolean, part: string): string {
  const raw = bytes.toString('utf8', start, end);
  if (FORBIDDEN.test(raw)) throw unusable(`malformed XML in ${part}: it holds a character that XML forbids`);
  const lines = raw.includes('\r') ? raw.replace(/\r\n?/g, '\n') : raw;
  if (isLiteral || !lines.includes('&')) return lines;
  return lines.replace(/&([^&;]{0,12};?)/g, (_, reference: string) => resolved(reference, part));
}

/** Whether there is nothing but what XML takes for white space. */
export function isBlankAt(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if ((bytes[at] ?? 0) > SPACE) return false;
  return true;
}

function resolved(reference: string, part: string): string {
  const [, hex, decimal] = /^#(?:x([0-9a-fA-F]+)|(\d+));$/.exec(reference) ?? [];
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  const character =
    hex === undefined && decimal === undefined
      ? ENTITIES[reference.slice(0, -1)]
      : code <= 0x10ffff
        ? String.fromCodePoint(code)
        : undefined;
  if (character === undefined || !reference.endsWith(';') || FORBIDDEN.test(character)) {
    throw unusable(`malformed XML in ${part}: &${reference} is no character`);
  }
  return character;
}
