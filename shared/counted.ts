// Counts with their noun: `1 row`, `172 rows`.

/** `many`: where the plural does not end in s. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;
