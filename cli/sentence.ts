// The message of a command that fails: one sentence with the cause and what to do about it.
import { ConfigurationError, messageOf, PermanentError, TransientError } from '../shared/errors.ts';

/** SQLite's primary result codes, as node:sqlite gives them in `errcode`. */
const SQLITE = { readOnly: 8, full: 13, cannotOpen: 14 } as const;

const FULL = /ENOSPC|no space left|disk is full/i;
const NO_WATCHER = /watch.*ENOSPC|ENOSPC.*watch/i;
// Google's own words for a missing right are another matter.
const FORBIDDEN = /\b(EACCES|EPERM|EROFS)\b|IO Error: .*(permission denied|read-only file system)/i;

interface SystemError {
  readonly code?: string;
  readonly errcode?: number;
  readonly path?: string;
}

/** The error in one sentence. A wrong configuration keeps a line for each of its problems. */
export function sentenceOf(error: unknown): string {
  const message = messageOf(error);
  if (error instanceof ConfigurationError) return message;
  const { path, errcode } = (error ?? {}) as SystemError;
  const primary = (errcode ?? 0) & 0xff;
  const [first = ''] = message.split('\n');
  if (NO_WATCHER.test(message))
    return `the system has no file watcher left (${first}); on Linux raise fs.inotify.max_user_watches or max_user_instances with sysctl`;
  if (FULL.test(message) || primary === SQLITE.full)
    return `the disk is full (${first}); free some space, or name a folder on another disk with --data`;
  if (FORBIDDEN.test(message) || primary === SQLITE.readOnly || primary === SQLITE.cannotOpen)
    return `${path ?? 'the data folder'} cannot be written (${first}); let this user write there, or name another folder with --data`;
  return error instanceof PermanentError || error instanceof TransientError ? message : first;
}
