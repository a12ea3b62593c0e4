// Words as people type them: two that differ only in accents, letter case or spaces are the same.

/** `  Données_RÉELLES ` and `donnees reelles` fold to the same key. */
export const fold = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[\s_\u00a0\u202f\u200b\ufeff]+/gu, ' ')
    .trim();

/** The text as it is kept: composed accents, single spaces, none at the ends. */
export const tidy = (text: string): string =>
  text
    .normalize('NFC')
    .replace(/[ \u00a0\u202f]+/gu, ' ')
    .trim();
