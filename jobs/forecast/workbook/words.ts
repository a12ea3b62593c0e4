// Words as people type them: two that differ only in accents, letter case, spaces or invisible letters are the same.

/**
 * What takes no room on the screen: zero-width and bidi marks, soft hyphens, variation selectors, tags, fillers.
 * A paste from a web page leaves them, and an analyst cannot see them.
 */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu;
/** Those, and what a screen or a terminal acts on in place of showing it. */
const UNSHOWN = /[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;
const SPACES = /[\p{Zs}\u2800]+/gu;

/** `  Données_RÉELLES ` and `donnees reelles` fold to the same key. */
export const fold = (text: string): string =>
  text
    .replace(INVISIBLE, '')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[\s_\p{Zs}\u2800]+/gu, ' ')
    .trim();

/** The text as it is kept: composed accents, single spaces, none at the ends, nothing invisible. */
export const tidy = (text: string): string =>
  PLAIN.test(text) ? text : text.replace(INVISIBLE, '').normalize('NFC').replace(SPACES, ' ').trim();

/** Most cells by far, which are tidy already. */
const PLAIN = /^[!-~]+( [!-~]+)*$/;

/** The text as a message shows it: what cannot be seen stands as `[U+200B]`. */
export const visible = (text: string): string =>
  text.replace(
    UNSHOWN,
    (letter) => `[U+${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`,
  );
