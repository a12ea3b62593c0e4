// Which file of a folder plays which role, and what is wrong with the cast.
import type { FileRole, FileRoles } from '../pipelines/source.ts';
import type { Snapshot, SnapshotFile, SourceFile } from './snapshot.ts';

export type Cast =
  | { readonly kind: 'complete'; readonly snapshot: Snapshot; readonly newestChangeMs: number }
  | { readonly kind: 'incomplete'; readonly missing: readonly string[] }
  | { readonly kind: 'ambiguous'; readonly problem: string };

/** Gives every role its files. Files without a role are left alone: people keep other things in a folder. */
export function castRoles(files: readonly SourceFile[], roles: FileRoles): Cast {
  const workbooks = files.filter(isWorkbook);
  const snapshot: SnapshotFile[] = [];
  const missing: string[] = [];
  let newestChangeMs = 0;
  for (const [role, wanted] of Object.entries(roles)) {
    const playing = workbooks.filter((file) => plays(file, wanted));
    if (playing.length === 0) missing.push(`${role} (${describe(wanted)})`);
    const problem = ambiguity(role, wanted, playing);
    if (problem !== undefined) return { kind: 'ambiguous', problem };
    for (const { id, name, content, sizeBytes, modifiedAtMs } of playing) {
      snapshot.push({ role, id, name: name.normalize('NFC'), content, sizeBytes });
      newestChangeMs = Math.max(newestChangeMs, modifiedAtMs);
    }
  }
  if (missing.length > 0) return { kind: 'incomplete', missing };
  const order = (file: SnapshotFile) => `${file.role}\u0000${file.name}`;
  snapshot.sort((a, b) => (order(a) < order(b) ? -1 : 1));
  return { kind: 'complete', snapshot, newestChangeMs };
}

/** What a person would call the role's file. */
export const describe = (role: FileRole): string =>
  typeof role.pattern === 'string' ? role.pattern : `a name like ${role.pattern.source}`;

// Office keeps an owner file `~$name.xlsx` beside every open workbook; it is no workbook.
const isWorkbook = (file: SourceFile): boolean =>
  !file.name.startsWith('~$') && (file.content.kind === 'sheet-version' || /\.xlsx$/i.test(file.name));

function plays(file: SourceFile, role: FileRole): boolean {
  const name = file.name.normalize('NFC');
  // A workbook opened as a Google Sheet loses its ending.
  const names =
    file.content.kind === 'sheet-version' && !/\.xlsx$/i.test(name) ? [name, `${name}.xlsx`] : [name];
  return names.some((candidate) =>
    typeof role.pattern === 'string' ? candidate === role.pattern : role.pattern.test(candidate),
  );
}

function ambiguity(role: string, wanted: FileRole, playing: readonly SourceFile[]): string | undefined {
  if (wanted.count === 'one' && playing.length > 1) {
    const names = playing.map((file) => `"${file.name}" (${file.id})`).sort();
    return (
      `${playing.length} files play the role ${role}: ${names.join(', ')}; expected one (${describe(wanted)}). ` +
      'Move all but one out of the folder.'
    );
  }
  const names = new Set<string>();
  for (const { name } of playing) {
    const composed = name.normalize('NFC');
    if (names.has(composed)) {
      return `two files are named "${composed}" in the role ${role}; expected one. Move one out of the folder.`;
    }
    names.add(composed);
  }
  return undefined;
}
