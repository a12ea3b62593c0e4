// The name of a counter as people write it: training and serving compare names in the same way.

/** What cannot be seen: zero-width and bidi marks, soft hyphens, variation selectors. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu;

/** The city's export has such names since 2024: the site's name twice, and what is counted, before the direction. */
const DOUBLED = /^(.{8,}) \1(?: V[ée]los?)?(?= |$)/i;

/**
 * The name as it is shown: single spaces, composed accents, no double quotes, and the doubled name of the city's export undone:
 * `Pont de Bercy Pont de Bercy Vélos NE-SO` is `Pont de Bercy NE-SO`.
 */
export const counterName = (text: string): string =>
  text
    .replace(INVISIBLE, '')
    .replaceAll('"', '')
    .normalize('NFC')
    .replace(/[\s\p{Zs}]+/gu, ' ')
    .trim()
    .replace(DOUBLED, '$1');

/** Names with the same key are one counter: accents, letter case, apostrophes and spaces make no difference. */
export const counterKey = (text: string): string =>
  counterName(text)
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[’‘`´]/g, "'")
    .toLowerCase();
