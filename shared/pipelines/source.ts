// What a pipeline watches: a Drive folder, and the files in it that play a role.
import type { Setting } from './setting.ts';

/** How many files play a role, and which names do. Names are compared in Unicode's composed form (NFC). */
export interface FileRole {
  readonly count: 'one' | 'many';
  readonly pattern: string | RegExp;
}

/** Exactly one file. A string must be the whole name; a pattern may match any part of it. */
export const oneOf = (pattern: string | RegExp): FileRole => ({ count: 'one', pattern });

/** One file or more, and no two of one name. */
export const manyOf = (pattern: RegExp): FileRole => ({ count: 'many', pattern });

export type FileRoles = Readonly<Record<string, FileRole>>;

export interface DriveFolderSource {
  readonly kind: 'drive-folder';
  readonly folderId: Setting;
  readonly files: FileRoles;
  /** A file counts as settled when it has not been changed for this many seconds. */
  readonly settleSeconds: Setting;
}

export function driveFolder(source: Omit<DriveFolderSource, 'kind'>): DriveFolderSource {
  for (const [role, { pattern }] of Object.entries(source.files)) {
    if (!/^[a-z][a-z-]*$/.test(role)) {
      throw new TypeError(
        `the file role "${role}" is part of object names: expected lower-case letters and dashes`,
      );
    }
    if (pattern instanceof RegExp && (pattern.global || pattern.sticky)) {
      throw new TypeError(`the pattern of "${role}" is ${pattern}: with the flags g and y it forgets files`);
    }
  }
  return { kind: 'drive-folder', ...source };
}
