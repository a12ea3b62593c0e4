// One look at the source, and the name of what it saw.
import { createHash } from 'node:crypto';
import { z } from 'zod';

/**
 * What tells one content of a file from another: its hash, a Google Sheet's version (it has no hash), or an object's
 * generation (one that was composed has no md5) with its CRC32C in base64.
 */
export const fileContent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('md5'), md5Hex: z.string().regex(/^[0-9a-f]{32}$/) }),
  z.object({ kind: z.literal('sheet-version'), version: z.string().regex(/^\d+$/) }),
  z.object({
    kind: z.literal('generation'),
    generation: z.string().regex(/^\d+$/),
    crc32c: z.string().regex(/^[A-Za-z0-9+/]{6}==$/),
  }),
]);
export type FileContent = z.infer<typeof fileContent>;

/** A file as the source lists it. */
export interface SourceFile {
  readonly id: string;
  readonly name: string;
  readonly content: FileContent;
  readonly sizeBytes: number;
  readonly modifiedAtMs: number;
}

/** Why no run can read a file that the folder lists. */
export type Unreadable =
  | 'shortcut'
  /** The account may see the file and not download it. */
  | 'download-disabled'
  /** Drive shows no checksum of it, so that one content cannot be told from another. */
  | 'no-checksum';

/** A file that the folder lists and no run can read. */
export interface UnreadableFile extends Omit<SourceFile, 'content'> {
  readonly content: {
    readonly kind: 'unreadable';
    readonly why: Unreadable;
    /** It is a Google Sheet, or a shortcut to one: a name without an ending is the name of a workbook. */
    readonly isSheet: boolean;
  };
}

/** What a listing of the folder holds. */
export type ListedFile = SourceFile | UnreadableFile;

export const isReadable = (file: ListedFile): file is SourceFile => file.content.kind !== 'unreadable';

export const snapshotFile = z.object({
  role: z.string(),
  id: z.string(),
  name: z.string(),
  content: fileContent,
  sizeBytes: z.number(),
});
export type SnapshotFile = z.infer<typeof snapshotFile>;

/** The files that play a role, in order of role and name. */
export type Snapshot = readonly SnapshotFile[];

/**
 * The revision: a SHA-256, in hex, of roles, names and contents. Ids and times are left out, so that a file
 * moved out and in again, or saved unchanged, is the same revision.
 */
export function revisionOf(snapshot: Snapshot): string {
  const lines = snapshot.map((file) => JSON.stringify([file.role, file.name, file.content]));
  return createHash('sha256').update(lines.sort().join('\n')).digest('hex');
}
