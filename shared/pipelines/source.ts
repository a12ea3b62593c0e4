// What a pipeline watches: a Drive folder, and the files in it that play a role.
import type { Setting } from './setting.ts';

/** How many files play a role, and which names do. Names are compared in Unicode's composed form (NFC). */
export interface FileRole {
  readonly count: 'one' | 'many';
  /** A string is the whole name, in any letter case; a pattern may match any part of a name. */
  readonly pattern: string | RegExp;
  /** A name that plays the role, to show to people and to compare similar names with. */
  readonly example?: string;
}

/** Exactly one file. `example` is a name that the pattern matches. */
export const oneOf = (pattern: string | RegExp, example?: string): FileRole => ({
  count: 'one',
  pattern,
  ...(example === undefined ? {} : { example }),
});

/** One file or more, and no two of one name. `example` is a name that the pattern matches. */
export const manyOf = (pattern: RegExp, example?: string): FileRole => ({
  count: 'many',
  pattern,
  ...(example === undefined ? {} : { example }),
});

export type FileRoles = Readonly<Record<string, FileRole>>;

export interface DriveFolderSource {
  readonly kind: 'drive-folder';
  readonly folderId: Setting;
  readonly files: FileRoles;
  /** A file counts as settled when it has not been changed for this many seconds. */
  readonly settleSeconds: Setting;
}

export function driveFolder(source: Omit<DriveFolderSource, 'kind'>): DriveFolderSource {
  for (const [role, { pattern, example }] of Object.entries(source.files)) {
    if (!/^[a-z][a-z-]*$/.test(role)) {
      throw new TypeError(
        `the file role "${role}" is part of object names: expected lower-case letters and dashes`,
      );
    }
    if (pattern instanceof RegExp && (pattern.global || pattern.sticky)) {
      throw new TypeError(`the pattern of "${role}" is ${pattern}: with the flags g and y it forgets files`);
    }
    if (pattern instanceof RegExp && example !== undefined && !pattern.test(example)) {
      throw new TypeError(
        `the example of "${role}" is "${example}"; expected a name that ${pattern} matches`,
      );
    }
  }
  return { kind: 'drive-folder', ...source };
}
