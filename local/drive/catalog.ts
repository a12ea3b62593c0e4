// What the local Drive remembers of its files, and the log of their changes.
import type { State } from '../state/state.ts';
import type { Observed } from './scan.ts';

/** A file as Drive knows it: its id stays when its name or content changes. */
export interface KnownFile {
  /** The order in which files came to be known. */
  readonly order: number;
  readonly id: string;
  /** The watched folder that it is in. */
  readonly folderId: string;
  /** Where it lies under the folder; undefined when it was taken out of it, which trashes it. */
  readonly path: string | undefined;
  readonly name: string;
  readonly trashed: boolean;
  readonly kind: Observed['kind'];
  readonly inode: string;
  readonly signature: string;
  /** MD5 of the content, in hex; of a Google Sheet too, though Drive does not show it. */
  readonly md5: string | undefined;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  readonly createdMs: number;
  readonly version: number;
  readonly revision: string | undefined;
  readonly workbook: string | undefined;
  /** When it was taken out of the folder. */
  readonly goneMs: number | undefined;
}

export interface Change {
  readonly order: number;
  readonly fileId: string;
  readonly timeMs: number;
  /** The file was deleted, and only its id is known. */
  readonly removed: boolean;
}

type NewFile = Omit<KnownFile, 'order'>;

const COLUMNS = [
  'id',
  'folder',
  'path',
  'name',
  'trashed',
  'kind',
  'inode',
  'signature',
  'md5',
  'size_bytes',
  'modified_ms',
  'created_ms',
  'version',
  'revision',
  'workbook',
  'gone_ms',
] as const;

export class Catalog {
  readonly #state: State;

  /** `first`: the folder whose files an older catalog holds, which knew one folder alone. */
  constructor(state: State, first: string) {
    this.#state = state;
    state.sql.exec(`
      CREATE TABLE IF NOT EXISTS drive_files (
        place INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, path TEXT, name TEXT NOT NULL,
        trashed INTEGER NOT NULL, kind TEXT NOT NULL, inode TEXT NOT NULL, signature TEXT NOT NULL, md5 TEXT,
        size_bytes INTEGER NOT NULL, modified_ms INTEGER NOT NULL, created_ms INTEGER NOT NULL,
        version INTEGER NOT NULL, revision TEXT, workbook TEXT, gone_ms INTEGER, folder TEXT NOT NULL DEFAULT ''
      ) STRICT;
      CREATE TABLE IF NOT EXISTS drive_changes (
        place INTEGER PRIMARY KEY AUTOINCREMENT, file_id TEXT NOT NULL UNIQUE, time_ms INTEGER NOT NULL,
        removed INTEGER NOT NULL
      ) STRICT`);
    const columns = state.sql.prepare('PRAGMA table_info(drive_files)').all();
    if (!columns.some(({ name }) => name === 'folder'))
      state.sql.exec("ALTER TABLE drive_files ADD COLUMN folder TEXT NOT NULL DEFAULT ''");
    state.sql.prepare("UPDATE drive_files SET folder = ? WHERE folder = ''").run(first);
  }

  /** Those of one watched folder. */
  all(folderId: string): KnownFile[] {
    return this.#state.sql
      .prepare('SELECT * FROM drive_files WHERE folder = ? ORDER BY place')
      .all(folderId)
      .map(fileOf);
  }

  find(id: string): KnownFile | undefined {
    const row = this.#state.sql.prepare('SELECT * FROM drive_files WHERE id = ?').get(id);
    return row === undefined ? undefined : fileOf(row);
  }

  put(file: NewFile): void {
    const values = COLUMNS.map(() => '?').join(', ');
    const changes = COLUMNS.slice(1).map((column) => `${column} = excluded.${column}`);
    this.#state.sql
      .prepare(
        `INSERT INTO drive_files (${COLUMNS.join(', ')}) VALUES (${values})
         ON CONFLICT (id) DO UPDATE SET ${changes.join(', ')}`,
      )
      .run(
        file.id,
        file.folderId,
        file.path ?? null,
        file.name,
        file.trashed ? 1 : 0,
        file.kind,
        file.inode,
        file.signature,
        file.md5 ?? null,
        file.sizeBytes,
        file.modifiedMs,
        file.createdMs,
        file.version,
        file.revision ?? null,
        file.workbook ?? null,
        file.goneMs ?? null,
      );
  }

  forget(id: string): void {
    this.#state.sql.prepare('DELETE FROM drive_files WHERE id = ?').run(id);
  }

  /** Logs a change. A later change of the same file takes the place of an earlier one, as in Drive's log. */
  log(change: Omit<Change, 'order'>): void {
    this.#state.sql
      .prepare('INSERT OR REPLACE INTO drive_changes (file_id, time_ms, removed) VALUES (?, ?, ?)')
      .run(change.fileId, change.timeMs, change.removed ? 1 : 0);
  }

  /** At most `limit` changes from the place `from` on, oldest first. */
  changesFrom(from: number, limit: number): Change[] {
    return this.#state.sql
      .prepare('SELECT * FROM drive_changes WHERE place >= ? ORDER BY place LIMIT ?')
      .all(from, limit)
      .map((row) => ({
        order: Number(row['place']),
        fileId: String(row['file_id']),
        timeMs: Number(row['time_ms']),
        removed: row['removed'] === 1,
      }));
  }

  /** The place that the next change will take. */
  nextChange(): number {
    const row = this.#state.sql.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'drive_changes'").get();
    return Number(row?.['seq'] ?? 0) + 1;
  }

  /** Runs `work` as one durable step. */
  atOnce(work: () => void): void {
    this.#state.transaction(work);
  }
}

function fileOf(row: Record<string, unknown>): KnownFile {
  const text = (column: string) => (row[column] === null ? undefined : String(row[column]));
  return {
    order: Number(row['place']),
    id: String(row['id']),
    folderId: String(row['folder']),
    path: text('path'),
    name: String(row['name']),
    trashed: row['trashed'] === 1,
    kind: row['kind'] as KnownFile['kind'],
    inode: String(row['inode']),
    signature: String(row['signature']),
    md5: text('md5'),
    sizeBytes: Number(row['size_bytes']),
    modifiedMs: Number(row['modified_ms']),
    createdMs: Number(row['created_ms']),
    version: Number(row['version']),
    revision: text('revision'),
    workbook: text('workbook'),
    goneMs: row['gone_ms'] === null ? undefined : Number(row['gone_ms']),
  };
}
