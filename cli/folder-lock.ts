// The right of one process to a folder of the local cloud: a lock that the kernel takes back however the process ends.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

// SQLite holds it as the system's own lock on a file: a process id is used again, and in a container is always the same.
const fileOf = (folder: string) => join(folder, 'running.lock');
const BUSY = 5;
// A command that only reads holds the file for a moment.
const LONGEST_CHECK_MS = 1_000;

export interface FolderLock {
  release(): void;
}

/** Takes the folder, which must be there; undefined while another process holds it. */
export function lockFolder(folder: string): FolderLock | undefined {
  const path = fileOf(folder);
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { timeout: LONGEST_CHECK_MS });
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database?.close();
    if (isBusy(error)) return undefined;
    // SQLite's error does not name the file that it could not open.
    throw Object.assign(error as Error, { path });
  }
  const held = database;
  return { release: () => held.close() };
}

/** Whether a process holds the folder now. */
export function isLocked(folder: string): boolean {
  if (!existsSync(fileOf(folder))) return false;
  const database = new DatabaseSync(fileOf(folder), { readOnly: true });
  try {
    database.exec('SELECT * FROM sqlite_schema');
    return false;
  } catch (error) {
    if (isBusy(error)) return true;
    throw error;
  } finally {
    database.close();
  }
}

const isBusy = (error: unknown): boolean => (error as { errcode?: number }).errcode === BUSY;
