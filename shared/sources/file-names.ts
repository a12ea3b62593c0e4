// File names: bounded before any pattern is applied, compared without regard to case and form, and shown safely.

/** Drive takes names of 32,767 characters; a pattern may take quadratic time on a name (law 10). */
export const LONGEST_NAME = 255;
const LONGEST_SHOWN = 120;

const WORKBOOK = /\.xlsx$/i;
export const endsAsWorkbook = (name: string): boolean => WORKBOOK.test(name);

/** Office keeps an owner file `~$name.xlsx` beside every open workbook. */
export const isOwnerFile = (name: string): boolean => name.startsWith('~$');

/** Equal for names that differ only in letter case or in the Unicode form of their accents. */
export const foldCase = (name: string): string => name.normalize('NFC').toLowerCase();

/** Equal for names of the same file: a workbook that is opened as a Google Sheet loses its ending. */
export const identityOf = (name: string): string => foldCase(name).replace(WORKBOOK, '');

/**
 * Like `identityOf`, for names that differ in accents, separators and digits too: `2024_Flux` and `2025 flux`
 * have one form.
 */
export const similarityForm = (name: string): string =>
  identityOf(cleaned(name))
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[\s_.-]+/g, ' ')
    .trim()
    .replace(/\d/g, '0');

/** Without invisible characters, without other forms of one character, and with single spaces. */
export const cleaned = (name: string): string =>
  name
    .normalize('NFKC')
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
    .replace(/\s+/g, ' ')
    .trim();

// A space is visible only between two other characters; other spaces look like it.
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]|(?! )\p{Zs}|^ | $/gu;

/** The name for a message: shortened, and with each invisible character as U+XXXX. */
export function shownName(name: string): string {
  const start = name.slice(0, LONGEST_SHOWN).normalize('NFC');
  const visible = start.replace(
    INVISIBLE,
    (character) => `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`,
  );
  return name.length > LONGEST_SHOWN ? `${visible}…` : visible;
}

/**
 * How many characters to insert, remove or replace to make one text of the other; `most` + 1 when it takes more.
 * Takes time in proportion to both lengths, which are bounded.
 */
export function distance(one: string, other: string, most: number): number {
  if (Math.abs(one.length - other.length) > most) return most + 1;
  let previous = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row++) {
    const current = [row];
    for (let column = 1; column <= other.length; column++) {
      const replaced = (previous[column - 1] ?? 0) + (one[row - 1] === other[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    if (Math.min(...current) > most) return most + 1;
    previous = current;
  }
  return Math.min(previous[other.length] ?? 0, most + 1);
}
