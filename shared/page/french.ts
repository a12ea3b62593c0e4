// French sets no-break spaces before its signs; texts are written with plain ones.

/** Wide before a colon and inside quotes, narrow before the other signs. Values stay as they are. */
export const fr = (strings: TemplateStringsArray, ...values: readonly string[]): string =>
  strings.reduce((text, string, index) => text + (values[index - 1] ?? '') + typeset(string), '');

const typeset = (text: string): string =>
  text
    .replace(/ (?=:)/g, '\u00a0')
    .replace(/(?<=«) | (?=»)/g, '\u00a0')
    .replace(/ (?=[;!?%])/g, '\u202f');
