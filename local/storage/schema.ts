// The tables of Cloud Storage in the local cloud's state.
import type { State } from '../state/state.ts';

/** Makes the tables where they are missing; safe to call at every start. */
export function createTables(state: State): void {
  state.sql.exec(`
    CREATE TABLE IF NOT EXISTS storage_buckets (
      name TEXT PRIMARY KEY, project_id TEXT NOT NULL, location TEXT NOT NULL, storage_class TEXT NOT NULL,
      labels TEXT NOT NULL, metageneration INTEGER NOT NULL, created_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS storage_objects (
      bucket TEXT NOT NULL REFERENCES storage_buckets (name), name TEXT NOT NULL,
      generation INTEGER NOT NULL, metageneration INTEGER NOT NULL,
      blob TEXT NOT NULL, size INTEGER NOT NULL, md5 TEXT, crc32c TEXT NOT NULL, components INTEGER,
      attributes TEXT NOT NULL, created_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL,
      PRIMARY KEY (bucket, name)
    ) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS storage_objects_by_blob ON storage_objects (blob);
    CREATE TABLE IF NOT EXISTS storage_noncurrent (
      bucket TEXT NOT NULL REFERENCES storage_buckets (name), name TEXT NOT NULL,
      generation INTEGER NOT NULL, metageneration INTEGER NOT NULL,
      blob TEXT NOT NULL, size INTEGER NOT NULL, md5 TEXT, crc32c TEXT NOT NULL, components INTEGER,
      attributes TEXT NOT NULL, created_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL,
      noncurrent_ms INTEGER NOT NULL, PRIMARY KEY (bucket, name, generation)
    ) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS storage_noncurrent_by_blob ON storage_noncurrent (blob);
    CREATE TABLE IF NOT EXISTS storage_policies (bucket TEXT PRIMARY KEY, policy TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS storage_uploads (
      id TEXT PRIMARY KEY, bucket TEXT NOT NULL, intent TEXT NOT NULL, received INTEGER NOT NULL,
      created_ms INTEGER NOT NULL, object TEXT
    ) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS storage_rewrites (
      token TEXT PRIMARY KEY, request TEXT NOT NULL, generation INTEGER NOT NULL, rewritten INTEGER NOT NULL,
      created_ms INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS storage_generation (last INTEGER NOT NULL);
    INSERT INTO storage_generation SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM storage_generation);
  `);
}
