// Checks of names and of patterns of names.

/** The names that occur more than once in `names`, each once. */
export const repeated = (names: readonly string[]): readonly string[] => [
  ...new Set(names.filter((name, index) => names.indexOf(name) !== index)),
];

/** A pattern with these flags keeps its position between files, and so misses every second one. */
export const wrongPattern = (what: string, pattern: RegExp): string[] =>
  pattern.global || pattern.sticky ? [`${what} is ${pattern}; expected it without the flags g and y`] : [];
