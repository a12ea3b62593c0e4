// The map of bundled libraries, which lies beside them.
export const MAP = 'libraries.json';

/** The file of each library, by the name, or the path, under which it is imported. */
export type LibraryMap = Readonly<Record<string, string>>;
