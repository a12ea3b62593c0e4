// Texts as the standard fonts of PDF can print them: those of Western Europe, without an embedded font.

const REPLACED: ReadonlyMap<string, string> = new Map([
  ['\u2212', '-'],
  ['\u202f', '\u00a0'],
  ['\u2009', ' '],
  ['\u2192', '->'],
]);
/** Beside Latin-1, in the encoding of Windows. */
const EXTRA = '€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ';
const UNKNOWN = '?';

/** A letter that the fonts lack loses its accent, or becomes a question mark. */
export const printable = (text: string): string =>
  [...text].map((letter) => (canPrint(letter) ? letter : (REPLACED.get(letter) ?? plain(letter)))).join('');

function plain(letter: string): string {
  if (/\s/u.test(letter)) return ' ';
  if (/[\p{Cc}\p{Cf}\p{M}]/u.test(letter)) return '';
  const base = letter.normalize('NFKD').replace(/\p{M}/gu, '');
  return [...base].map((part) => (canPrint(part) ? part : UNKNOWN)).join('');
}

const canPrint = (letter: string): boolean => {
  const code = letter.codePointAt(0) ?? 0;
  return (code >= 0x20 && code < 0x7f) || (code >= 0xa0 && code <= 0xff) || EXTRA.includes(letter);
};
