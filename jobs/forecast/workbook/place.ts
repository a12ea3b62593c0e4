// Cell references as a spreadsheet shows them.

const LETTERS = 26;
const LETTER_A = 65;

/** 0 is A, 25 is Z, 26 is AA. */
export function columnLetters(index: number): string {
  let letters = '';
  for (let rest = index + 1; rest > 0; rest = Math.floor((rest - 1) / LETTERS)) {
    letters = String.fromCharCode(LETTER_A + ((rest - 1) % LETTERS)) + letters;
  }
  return letters;
}

/** `AB12` is row 12, column index 27; undefined when it is no cell reference. */
export function parseReference(text: string): { row: number; columnIndex: number } | undefined {
  const [, letters, digits] = /^([A-Z]{1,3})(\d{1,7})$/.exec(text) ?? [];
  if (letters === undefined || digits === undefined) return undefined;
  let column = 0;
  for (const letter of letters) column = column * LETTERS + (letter.charCodeAt(0) - LETTER_A + 1);
  return { row: Number(digits), columnIndex: column - 1 };
}
