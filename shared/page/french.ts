// How French is set: no-break spaces before its signs, and numbers with their nouns.

/** Sets no-break spaces: wide before a colon and inside quotes, narrow before the other signs. Values stay as they are. */
export const fr = (strings: TemplateStringsArray, ...values: readonly (string | number)[]): string =>
  strings.reduce((text, string, index) => text + String(values[index - 1] ?? '') + typeset(string), '');

const typeset = (text: string): string =>
  text
    .replace(/ (?=:)/g, '\u00a0')
    .replace(/(?<=«) | (?=»)/g, '\u00a0')
    .replace(/ (?=[;!?%])/g, '\u202f');

/** Zero is singular in French. `whole` writes a number. */
export const countedBy =
  (whole: (count: number) => string) =>
  (count: number, one: string, other: string): string =>
    `${whole(count)} ${count < 2 ? one : other}`;
