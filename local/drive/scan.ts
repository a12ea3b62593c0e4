// Scans the plain folder that stands for a Drive folder, and lists what is in it.
import type { BigIntStats, Dirent } from 'node:fs';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { isAbsolute, join, normalize, sep } from 'node:path';
import { ApiError } from '../http/errors.ts';
import { RESTRICTED } from './restrictions.ts';

/** One thing in the folder, as the file system reports it. */
export interface Observed {
  /** Where it lies, relative to the folder. */
  readonly path: string;
  readonly name: string;
  readonly trashed: boolean;
  readonly kind: 'binary' | 'sheet' | 'shortcut' | 'folder';
  /** The same for as long as it is the same file, wherever it is moved. */
  readonly inode: string;
  /** Differs when the content may differ. */
  readonly signature: string;
  /** When the signature last changed, by the file system's own clock: it has a coarse grain. */
  readonly changedMs: number;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  readonly createdMs: number;
  /** For a Google Sheet: the workbook, relative to the folder, that it is exported as. */
  readonly workbook?: string;
}

const TRASH = '.trash';
const DUPLICATES = '.duplicates';
const SHEET_SUFFIX = '.gsheet';
const SHORTCUT_SUFFIX = '.gshortcut';
const LARGEST_SHEET_BYTES = 64n * 1024n;
const MOST_ENTRIES = 200_000;
const ENTRIES_BETWEEN_BREATHS = 500;

/** Everything in the folder, its trash and its duplicates; undefined when the folder is not there. */
export async function scanFolder(folder: string): Promise<Observed[] | undefined> {
  const top = await entriesOf(folder, '');
  if (top === undefined) return undefined;
  const paths = top.filter((entry) => !entry.name.startsWith('.')).map((entry) => entry.name);
  for (const entry of await entriesOf(folder, DUPLICATES).then((all) => all ?? [])) {
    const twin = join(DUPLICATES, entry.name);
    if (entry.isDirectory()) paths.push(...(await namesIn(folder, twin)));
  }
  for (const place of [TRASH, ...Object.keys(RESTRICTED)]) paths.push(...(await namesIn(folder, place)));
  if (paths.length > MOST_ENTRIES) {
    throw new ApiError(
      500,
      'internalError',
      `the folder holds ${paths.length} entries, and at most ${MOST_ENTRIES} are listed`,
    );
  }
  return observeAll(folder, paths);
}

/** One thing in the folder; undefined when it does not exist, or is no file or folder (links are not followed). */
export async function observe(folder: string, path: string): Promise<Observed | undefined> {
  const stats = await statOf(join(folder, path));
  if (stats === undefined || !(stats.isFile() || stats.isDirectory())) return undefined;
  const parts = path.split(sep);
  const base = {
    path,
    name: parts.at(-1) ?? path,
    trashed: parts[0] === TRASH,
    inode: `${stats.dev}:${stats.ino}:${stats.birthtimeNs}`,
    changedMs: Number(stats.ctimeMs),
    sizeBytes: Number(stats.size),
    modifiedMs: Number(stats.mtimeMs),
    createdMs: Number(stats.birthtimeMs > 0n ? stats.birthtimeMs : stats.mtimeMs),
  };
  if (stats.isDirectory()) return { ...base, kind: 'folder', signature: 'folder', sizeBytes: 0 };
  if (path.endsWith(SHORTCUT_SUFFIX)) {
    return { ...base, kind: 'shortcut', signature: signatureOf(stats), name: shortcutName(base.name) };
  }
  if (!path.endsWith(SHEET_SUFFIX)) return { ...base, kind: 'binary', signature: signatureOf(stats) };
  return { ...base, ...(await sheet(folder, path, stats)), name: base.name.slice(0, -SHEET_SUFFIX.length) };
}

const without = (name: string, suffix: string) =>
  name.endsWith(suffix) ? name.slice(0, -suffix.length) : name;

const shortcutName = (name: string) => without(without(name, SHORTCUT_SUFFIX), SHEET_SUFFIX);

/** A shortcut has the name of what it leads to: `x.xlsx.gshortcut`, or `x.gsheet.gshortcut` to a Google Sheet. */
export const leadsToSheet = (path: string): boolean => path.endsWith(`${SHEET_SUFFIX}${SHORTCUT_SUFFIX}`);

async function observeAll(folder: string, paths: readonly string[]): Promise<Observed[]> {
  const observed: Observed[] = [];
  for (let start = 0; start < paths.length; start += ENTRIES_BETWEEN_BREATHS) {
    const some = paths.slice(start, start + ENTRIES_BETWEEN_BREATHS);
    for (const one of await Promise.all(some.map((path) => observe(folder, path)))) {
      if (one !== undefined) observed.push(one);
    }
  }
  return observed;
}

async function namesIn(folder: string, path: string): Promise<string[]> {
  const entries = (await entriesOf(folder, path)) ?? [];
  return entries.filter((entry) => !entry.name.startsWith('.')).map((entry) => join(path, entry.name));
}

async function entriesOf(folder: string, path: string): Promise<Dirent[] | undefined> {
  const directory = join(folder, path);
  // Below the folder itself, a link that leads elsewhere is not a directory of it.
  if (path !== '' && !(await statOf(directory))?.isDirectory()) return undefined;
  return readdir(directory, { withFileTypes: true }).catch(undefinedIfAbsent);
}

/** What a `.gsheet` adds: it has changed when its own file or the workbook it names has. */
async function sheet(
  folder: string,
  path: string,
  stats: BigIntStats,
): Promise<Pick<Observed, 'kind' | 'signature' | 'modifiedMs' | 'changedMs' | 'workbook'>> {
  const workbook = stats.size > LARGEST_SHEET_BYTES ? undefined : await workbookNamedIn(join(folder, path));
  const target = workbook === undefined ? undefined : await statBelow(folder, workbook);
  if (workbook === undefined || target === undefined || !target.isFile()) {
    return {
      kind: 'sheet',
      signature: signatureOf(stats),
      modifiedMs: Number(stats.mtimeMs),
      changedMs: Number(stats.ctimeMs),
    };
  }
  return {
    kind: 'sheet',
    signature: `${signatureOf(stats)}+${target.ino}:${signatureOf(target)}`,
    modifiedMs: Number(stats.mtimeMs > target.mtimeMs ? stats.mtimeMs : target.mtimeMs),
    changedMs: Number(stats.ctimeMs > target.ctimeMs ? stats.ctimeMs : target.ctimeMs),
    workbook,
  };
}

async function workbookNamedIn(file: string): Promise<string | undefined> {
  try {
    const content: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (typeof content !== 'object' || content === null || !('xlsx' in content)) return undefined;
    if (typeof content.xlsx !== 'string' || isAbsolute(content.xlsx)) return undefined;
    const path = normalize(content.xlsx);
    return path.split(sep).includes('..') ? undefined : path;
  } catch {
    return undefined;
  }
}

function signatureOf(stats: BigIntStats): string {
  return `${stats.size}:${stats.mtimeNs}:${stats.ctimeNs}`;
}

/** Undefined also when a folder on the way is a link: it may lead anywhere on this machine. */
async function statBelow(folder: string, path: string): Promise<BigIntStats | undefined> {
  const parts = path.split(sep);
  for (let depth = 1; depth < parts.length; depth++) {
    const stats = await statOf(join(folder, ...parts.slice(0, depth)));
    if (stats?.isDirectory() !== true) return undefined;
  }
  return statOf(join(folder, path));
}

function statOf(path: string): Promise<BigIntStats | undefined> {
  return lstat(path, { bigint: true }).catch(undefinedIfAbsent);
}

function undefinedIfAbsent(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
  throw error;
}
