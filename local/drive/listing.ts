// Orders the files of a listing and cuts it into pages.
import { notImplemented } from '../http/errors.ts';
import { invalidValue } from './errors.ts';
import type { FileResource } from './file-resource.ts';

/** A file and the order in which it came to be known, which settles all ties. */
export interface Entry {
  readonly order: number;
  readonly file: FileResource;
}

export interface PageRequest {
  /** The query as it was written: a page token is good for one query. */
  readonly q: string;
  readonly orderBy: string | undefined;
  readonly pageSize: number;
  readonly pageToken: string | undefined;
}

export interface Page {
  readonly files: readonly FileResource[];
  readonly nextPageToken?: string;
}

interface Position {
  readonly key: string;
  readonly order: number;
}

/**
 * One page. A token names the last file that was given, not a count: files that come and go between two
 * pages make no other file appear twice or not at all.
 */
export function pageOf(entries: readonly Entry[], request: PageRequest): Page {
  const { keyOf, sign } = orderingOf(request.orderBy);
  const compare = (a: Position, b: Position): number =>
    sign * (a.key < b.key ? -1 : a.key > b.key ? 1 : 0) || a.order - b.order;
  const after = request.pageToken === undefined ? undefined : readToken(request.pageToken, request);
  const rest = entries
    .map(({ order, file }) => ({ order, file, key: keyOf(file) }))
    .filter((entry) => after === undefined || compare(entry, after) > 0)
    .sort(compare);
  const page = rest.slice(0, request.pageSize);
  const last = page.at(-1);
  const files = page.map((entry) => entry.file);
  if (last === undefined || rest.length <= page.length) return { files };
  return { files, nextPageToken: writeToken(last, request) };
}

function orderingOf(orderBy: string | undefined): { keyOf: (file: FileResource) => string; sign: 1 | -1 } {
  const [key, direction, ...more] = (orderBy ?? '').split(' ');
  if (more.length > 0 || (direction !== undefined && direction !== 'desc')) throw unknownOrder(orderBy);
  const sign = direction === 'desc' ? -1 : 1;
  if (key === '') return { keyOf: () => '', sign: 1 };
  if (key === 'name') return { keyOf: (file) => file.name, sign };
  // RFC 3339 in UTC, so that the order of the texts is the order of the times.
  if (key === 'modifiedTime') return { keyOf: (file) => file.modifiedTime, sign };
  throw unknownOrder(orderBy);
}

function writeToken({ key, order }: Position, { q, orderBy }: PageRequest): string {
  return Buffer.from(JSON.stringify([key, order, q, orderBy ?? ''])).toString('base64url');
}

function readToken(token: string, { q, orderBy }: PageRequest): Position {
  try {
    const parts: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (Array.isArray(parts) && parts[2] === q && parts[3] === (orderBy ?? '')) {
      const [key, order] = parts as unknown[];
      if (typeof key === 'string' && typeof order === 'number') return { key, order };
    }
  } catch {
    // The answer is the same for every fault in it.
  }
  throw invalidValue('pageToken');
}

const unknownOrder = (orderBy: string | undefined) => notImplemented(`orderBy=${orderBy ?? ''}`);
