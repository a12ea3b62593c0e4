// What names and patterns of names have to be.

/** Those that stand in `names` more than once, each once. */
export const repeated = (names: readonly string[]): readonly string[] => [
  ...new Set(names.filter((name, index) => names.indexOf(name) !== index)),
];

/** A pattern with these flags remembers where it stopped, and passes over every second file. */
export const wrongPattern = (what: string, pattern: RegExp): string[] =>
  pattern.global || pattern.sticky ? [`${what} is ${pattern}; expected it without the flags g and y`] : [];
