// The source of a pipeline: a Drive folder or a bucket, and the roles of the files in it.
import { wrongPattern } from './names.ts';
import type { Setting } from './setting.ts';

/** How many files match a role, and by which names. Names are compared in Unicode's composed form (NFC). */
export interface FileRole {
  readonly count: 'one' | 'many';
  /** A source without such a file is complete as well. */
  readonly isOptional?: boolean;
  /** A string is the whole name, in any letter case; a pattern may match any part of a name. */
  readonly pattern: string | RegExp;
  /** A name that matches the role, for messages and for comparison with similar names. */
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

/** Any number of files, also none. `example` is a name that the pattern matches. */
export const anyOf = (pattern: RegExp, example?: string): FileRole => ({
  ...manyOf(pattern, example),
  isOptional: true,
});

export type FileRoles = Readonly<Record<string, FileRole>>;

interface Watched {
  readonly files: FileRoles;
  /** The source counts as settled when none of these files has been changed for this many seconds. */
  readonly settleSeconds: Setting;
}

export interface DriveFolderSource extends Watched {
  readonly kind: 'drive-folder';
  readonly folderId: Setting;
}

/** Objects of a bucket of the same project. Names in roles are those behind the prefix. */
export interface BucketSource extends Watched {
  readonly kind: 'bucket';
  readonly bucket: Setting;
  /** Empty, or a folder's name with a slash at its end. */
  readonly prefix: string;
}

export type Source = DriveFolderSource | BucketSource;

export const driveFolder = (source: Omit<DriveFolderSource, 'kind'>): DriveFolderSource => ({
  kind: 'drive-folder',
  ...source,
});

export const bucket = (source: Omit<BucketSource, 'kind'>): BucketSource => ({ kind: 'bucket', ...source });

// A role is part of object names.
const ROLE = /^[a-z][a-z-]{0,39}$/;
const PREFIX = /^(?:[A-Za-z0-9][A-Za-z0-9._-]{0,99}\/){0,10}$/;

/** What is wrong with a source, each problem naming what was found and what is accepted. */
export function wrongSource(source: Source): readonly string[] {
  const roles = Object.entries(source.files);
  return [
    ...(roles.length === 0 ? ['the source has no file roles; expected at least one'] : []),
    ...roles.flatMap(wrongRole),
    ...(source.kind === 'bucket' && !PREFIX.test(source.prefix)
      ? [`the source's prefix "${source.prefix}": expected folders with a slash behind each, or nothing`]
      : []),
  ];
}

function wrongRole([role, { pattern, example }]: [string, FileRole]): string[] {
  const named = ROLE.test(role) ? [] : [`the file role "${role}": expected ${ROLE}`];
  if (!(pattern instanceof RegExp)) return named;
  const misses = example !== undefined && !new RegExp(pattern.source, pattern.flags).test(example);
  return [
    ...named,
    ...wrongPattern(`the pattern of "${role}"`, pattern),
    ...(misses ? [`the example of "${role}" is "${example}"; expected a name that ${pattern} matches`] : []),
  ];
}
