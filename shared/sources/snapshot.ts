// One look at the source, and the name of what it saw.
import { createHash } from 'node:crypto';
import { z } from 'zod';

/** What tells one content of a file from another: its hash, or a Google Sheet's version (it has no hash). */
export const fileContent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('md5'), md5Hex: z.string().regex(/^[0-9a-f]{32}$/) }),
  z.object({ kind: z.literal('sheet-version'), version: z.string().regex(/^\d+$/) }),
]);
export type FileContent = z.infer<typeof fileContent>;

/** A file as the folder lists it. */
export interface SourceFile {
  readonly id: string;
  readonly name: string;
  readonly content: FileContent;
  readonly sizeBytes: number;
  readonly modifiedAtMs: number;
}

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
