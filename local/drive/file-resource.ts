// A file as the Drive API shows it.
import type { KnownFile } from './catalog.ts';
import { FOLDER, mediaTypeOf, SHEET, SHORTCUT } from './media-types.ts';
import { restrictionOf } from './restrictions.ts';
import { leadsToSheet, type Observed } from './scan.ts';

/** The `File` of Drive v3: 64-bit numbers as strings, times as RFC 3339. */
export interface FileResource {
  readonly kind: 'drive#file';
  readonly id: string;
  readonly name: string;
  readonly mimeType: string;
  readonly parents?: readonly string[];
  readonly trashed: boolean;
  readonly explicitlyTrashed: boolean;
  readonly spaces: readonly ['drive'];
  readonly createdTime: string;
  readonly modifiedTime: string;
  readonly version: string;
  readonly driveId?: string;
  readonly md5Checksum?: string;
  readonly size?: string;
  readonly headRevisionId?: string;
  readonly fileExtension?: string;
  readonly originalFilename?: string;
  readonly shortcutDetails?: { readonly targetMimeType: string };
  readonly capabilities: { readonly canDownload: boolean };
}

export interface Whereabouts {
  readonly folderId: string;
  /** The shared drive that the folder is in; undefined when it is in a user's My Drive. */
  readonly driveId: string | undefined;
}

export function fileResource(file: KnownFile, { folderId, driveId }: Whereabouts): FileResource {
  return {
    kind: 'drive#file',
    id: file.id,
    name: file.name,
    mimeType: mimeTypeOf(file),
    parents: [folderId],
    trashed: file.trashed,
    explicitlyTrashed: file.trashed,
    spaces: ['drive'],
    createdTime: new Date(file.createdMs).toISOString(),
    modifiedTime: new Date(file.modifiedMs).toISOString(),
    version: String(file.version),
    ...(driveId === undefined ? {} : { driveId }),
    capabilities: { canDownload: canDownload(file) },
    ...(file.kind === 'binary' ? binaryPart(file) : {}),
    ...(file.kind === 'shortcut' ? { shortcutDetails: { targetMimeType: targetTypeOf(file) } } : {}),
  };
}

/** The watched folder itself. */
export function folderResource(
  folder: Pick<Observed, 'name' | 'createdMs' | 'modifiedMs'>,
  { folderId, driveId }: Whereabouts,
): FileResource {
  return {
    kind: 'drive#file',
    id: folderId,
    name: folder.name,
    mimeType: FOLDER,
    ...(driveId === undefined ? {} : { parents: [driveId], driveId }),
    trashed: false,
    explicitlyTrashed: false,
    spaces: ['drive'],
    createdTime: new Date(folder.createdMs).toISOString(),
    modifiedTime: new Date(folder.modifiedMs).toISOString(),
    version: '1',
    capabilities: { canDownload: false },
  };
}

/** Only a file with bytes of its own has a size, a checksum and revisions. */
function binaryPart(file: KnownFile): Partial<FileResource> {
  const extension = /\.([^.]+)$/.exec(file.name)?.[1];
  return {
    size: String(file.sizeBytes),
    ...(file.md5 === undefined || !canDownload(file) ? {} : { md5Checksum: file.md5 }),
    ...(file.revision === undefined ? {} : { headRevisionId: file.revision }),
    ...(extension === undefined ? {} : { fileExtension: extension }),
    originalFilename: file.name,
  };
}

const canDownload = ({ kind, path }: KnownFile): boolean =>
  kind !== 'folder' && kind !== 'shortcut' && restrictionOf(path) !== 'download-disabled';

const targetTypeOf = ({ name, path }: KnownFile): string =>
  path !== undefined && leadsToSheet(path) ? SHEET : mediaTypeOf(name);

function mimeTypeOf(file: KnownFile): string {
  if (file.kind === 'folder') return FOLDER;
  if (file.kind === 'shortcut') return SHORTCUT;
  return file.kind === 'sheet' ? SHEET : mediaTypeOf(file.name);
}
