// Assigns the files of a source to roles, and reports what is missing, unreadable or ambiguous.
import type { FileRole, FileRoles } from '../pipelines/source.ts';
import { endsAsWorkbook, foldCase, identityOf, isOwnerFile, LONGEST_NAME, shownName } from './file-names.ts';
import {
  isReadable,
  type ListedFile,
  type Snapshot,
  type SnapshotFile,
  type SourceFile,
  type Unreadable,
  type UnreadableFile,
} from './snapshot.ts';

export type Cast =
  | {
      readonly kind: 'complete';
      readonly snapshot: Snapshot;
      readonly newestChangeMs: number;
      /** Files with the name of a role that no run can read and no other file replaces. */
      readonly unreadable: readonly string[];
    }
  | {
      readonly kind: 'incomplete';
      readonly missing: readonly string[];
      readonly unreadable: readonly string[];
    }
  | { readonly kind: 'ambiguous'; readonly problem: string };

/** Assigns files to every role. Files without a role are ignored: a folder may hold other files. */
export function castRoles(files: readonly ListedFile[], roles: FileRoles): Cast {
  const snapshot: SnapshotFile[] = [];
  const missing: string[] = [];
  const unreadable: string[] = [];
  let newestChangeMs = 0;
  for (const [role, wanted] of Object.entries(roles)) {
    const named = files.filter((file) => playsRole(file, wanted));
    const playing = named.filter(isReadable);
    const lost = withoutStandIn(wanted, named, playing);
    unreadable.push(...lost.map(unreadableNote));
    if (playing.length === 0 && lost.length === 0 && !isOptional(wanted))
      missing.push(`${role} (${describe(wanted)})`);
    const problem = ambiguity(role, wanted, playing);
    if (problem !== undefined) return { kind: 'ambiguous', problem };
    for (const { id, name, content, sizeBytes, modifiedAtMs } of playing) {
      snapshot.push({ role, id, name: name.normalize('NFC'), content, sizeBytes });
      newestChangeMs = Math.max(newestChangeMs, modifiedAtMs);
    }
  }
  const isComplete = Object.entries(roles).every(
    ([role, wanted]) => isOptional(wanted) || snapshot.some((file) => file.role === role),
  );
  if (!isComplete) return { kind: 'incomplete', missing, unreadable };
  const order = (file: SnapshotFile) => `${file.role}\u0000${file.name}`;
  snapshot.sort((a, b) => (order(a) < order(b) ? -1 : 1));
  return { kind: 'complete', snapshot, newestChangeMs, unreadable };
}

const isOptional = (role: FileRole): boolean => role.isOptional === true;

/** The role's file, for messages. */
export const describe = ({ pattern, example }: FileRole): string => {
  if (typeof pattern === 'string') return pattern;
  return example === undefined ? `a name like ${pattern.source}` : `a name like "${example}"`;
};

/** A name that is too long matches no role, and no pattern is applied to it. */
const mayPlay = (file: ListedFile): boolean => file.name.length <= LONGEST_NAME && !isOwnerFile(file.name);

const isSheet = ({ content }: ListedFile): boolean =>
  content.kind === 'sheet-version' || (content.kind === 'unreadable' && content.isSheet);

/** Whether the file has a name of the role. */
export function playsRole(file: ListedFile, role: FileRole): boolean {
  if (!mayPlay(file)) return false;
  const name = file.name.normalize('NFC');
  if (namePlaysRole(name, role)) return true;
  // A workbook opened as a Google Sheet loses its ending.
  return isSheet(file) && !endsAsWorkbook(name) && namePlaysRole(`${name}.xlsx`, role);
}

/** Whether a file of this name, which is in NFC and not too long, matches the role. */
export const namePlaysRole = (name: string, { pattern }: FileRole): boolean =>
  typeof pattern === 'string' ? foldCase(name) === foldCase(pattern) : pattern.test(name);

/** A shortcut is no loss if the file that it leads to is in the folder as well. */
function withoutStandIn(
  role: FileRole,
  named: readonly ListedFile[],
  playing: readonly SourceFile[],
): readonly UnreadableFile[] {
  const isFilled = role.count === 'one' && playing.length > 0;
  const identities = new Set(playing.map(({ name }) => identityOf(name)));
  return named.filter(
    (file): file is UnreadableFile =>
      !isReadable(file) && !isFilled && !identities.has(identityOf(file.name)),
  );
}

const REASONS: Readonly<Record<Unreadable, string>> = {
  shortcut: 'is a shortcut; put the file itself into the folder',
  'download-disabled':
    "cannot be downloaded by the mesh's account; allow downloads in the file's sharing settings in Drive, " +
    'or put a copy of it into the folder',
  'no-checksum':
    'has no checksum (md5Checksum) in Drive, so it cannot be read; allow downloads in the ' +
    "file's sharing settings in Drive, or upload the file again",
};

export const unreadableNote = ({ name, content }: UnreadableFile): string =>
  `${shownName(name)} ${REASONS[content.why]}`;

function ambiguity(role: string, wanted: FileRole, playing: readonly SourceFile[]): string | undefined {
  if (wanted.count === 'one' && playing.length > 1) {
    return (
      `${playing.length} files match the role ${role}: ${named(playing)}; expected one (${describe(wanted)}). ` +
      'Move all but one out of the folder.'
    );
  }
  const byIdentity = Map.groupBy(playing, ({ name }) => identityOf(name));
  for (const same of byIdentity.values()) {
    const [first, second] = same;
    if (first === undefined || second === undefined) continue;
    return first.name.normalize('NFC') === second.name.normalize('NFC')
      ? `Two files are named "${shownName(first.name)}" in the role ${role}; expected one. Move one out of the folder.`
      : `Two names in the role ${role} count as one name: ${named(same)}; expected one. Move one out of the folder.`;
  }
  return undefined;
}

const named = (files: readonly SourceFile[]): string =>
  files
    .map(({ name, id }) => `"${shownName(name)}" (${id})`)
    .sort()
    .join(', ');
