// The snapshot of a source, and its revision.
import { createHash } from 'node:crypto';
import { z } from 'zod';

/**
 * Identifies a file's content: its hash, a Google Sheet's version (it has no hash), or an object's generation (a composed
 * object has no md5) with its CRC32C in base64.
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
  /** The account may list the file but not download it. */
  | 'download-disabled'
  /** Drive reports no checksum, so a change of the content cannot be detected. */
  | 'no-checksum';

/** A file that the folder lists and no run can read. */
export interface UnreadableFile extends Omit<SourceFile, 'content'> {
  readonly content: {
    readonly kind: 'unreadable';
    readonly why: Unreadable;
    /** It is a Google Sheet, or a shortcut to one: its name without an ending is that of a workbook. */
    readonly isSheet: boolean;
  };
}

/** A file of a listing. */
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

/** The files that match a role, in order of role and name. */
export type Snapshot = readonly SnapshotFile[];

/**
 * The revision: a SHA-256, in hex, of roles, names and contents. It does not include ids and times, so that a file that
 * is moved out and in again, or saved unchanged, gives the same revision.
 */
export function revisionOf(snapshot: Snapshot): string {
  const lines = snapshot.map((file) => JSON.stringify([file.role, file.name, file.content]));
  return createHash('sha256').update(lines.sort().join('\n')).digest('hex');
}
