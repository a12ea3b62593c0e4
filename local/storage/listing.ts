// Listing a bucket: prefixes rolled up at a delimiter, in pages, in the byte order of names.
import type { State } from '../state/state.ts';
import { invalid } from '../http/errors.ts';
import { objectResource, type ObjectResource, type ObjectRow } from './resources.ts';

export interface ListQuery {
  readonly bucket: string;
  readonly prefix?: string;
  readonly delimiter?: string;
  /** Inclusive. */
  readonly startOffset?: string;
  /** Exclusive. */
  readonly endOffset?: string;
  /** Objects and prefixes together; 1 to 1,000. */
  readonly maxResults: number;
  readonly pageToken?: string;
  /** Whether an object that ends at the delimiter is listed beside the prefix of the same name. */
  readonly includeTrailingDelimiter?: boolean;
  /** Noncurrent versions too. Those of one name are never parted by a page. */
  readonly versions?: boolean;
}

export interface Listing {
  readonly items: readonly ObjectResource[];
  readonly prefixes: readonly string[];
  readonly nextPageToken?: string;
}

/** Reads about as many rows as it answers: a rolled-up folder of a million objects costs one seek. */
export function listObjects(state: State, query: ListQuery): Listing {
  const { prefix = '', delimiter = '' } = query;
  const statement = state.sql.prepare(
    `SELECT * FROM ${query.versions === true ? VERSIONS : 'storage_objects'}
     WHERE bucket = ? AND name >= ? AND name < ? ORDER BY name LIMIT 1`,
  );
  const versions = versionsOf(state, query);
  const end = lowest(query.endOffset ?? AFTER_EVERYTHING, prefix === '' ? AFTER_EVERYTHING : after(prefix));
  const next = (from: string) => statement.get(query.bucket, from, end) as unknown as ObjectRow | undefined;

  const items: ObjectResource[] = [];
  const prefixes: string[] = [];
  let from = highest(prefix, query.startOffset ?? '', readToken(query.pageToken));
  let row = next(from);
  while (row !== undefined && items.length + prefixes.length < query.maxResults) {
    const at = delimiter === '' ? -1 : row.name.indexOf(delimiter, prefix.length);
    if (at === -1) {
      items.push(...versions(row));
      from = justAfter(row.name);
    } else {
      const rolledUp = row.name.slice(0, at + delimiter.length);
      prefixes.push(rolledUp);
      if (query.includeTrailingDelimiter === true && rolledUp === row.name) items.push(...versions(row));
      from = after(rolledUp);
    }
    row = next(from);
  }
  return { items, prefixes, ...(row !== undefined && { nextPageToken: writeToken(from) }) };
}

const VERSIONS = `(SELECT *, NULL AS noncurrent_ms FROM storage_objects UNION ALL SELECT * FROM storage_noncurrent)`;

/** What is listed for a name: its live version, or all of them, the oldest first. */
function versionsOf(state: State, query: ListQuery): (row: ObjectRow) => readonly ObjectResource[] {
  if (query.versions !== true) return (row) => [objectResource(row)];
  const statement = state.sql.prepare(
    `SELECT * FROM ${VERSIONS} WHERE bucket = ? AND name = ? ORDER BY generation`,
  );
  return ({ name }) =>
    (statement.all(query.bucket, name) as unknown as (ObjectRow & { noncurrent_ms: number | null })[]).map(
      ({ noncurrent_ms: noncurrentMs, ...row }) =>
        objectResource(noncurrentMs === null ? row : { ...row, noncurrent_ms: noncurrentMs }),
    );
}

// No name of 1,024 bytes sorts after this one.
const AFTER_EVERYTHING = '\u{10ffff}'.repeat(300);

/** The smallest string after every string that starts with `prefix`. */
function after(prefix: string): string {
  const points = [...prefix];
  const last = points.pop()?.codePointAt(0);
  if (last === undefined) return AFTER_EVERYTHING;
  if (last === 0x10ffff) return after(points.join(''));
  // Surrogates are no characters: what follows U+D7FF is U+E000.
  return points.join('') + String.fromCodePoint(last === 0xd7ff ? 0xe000 : last + 1);
}

/** The smallest string after `name` itself. */
const justAfter = (name: string) => `${name}\u0000`;

// Names sort by their UTF-8 bytes, which is not how JavaScript compares strings.
const compare = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
const highest = (...names: string[]) => names.reduce((a, b) => (compare(a, b) >= 0 ? a : b));
const lowest = (...names: string[]) => names.reduce((a, b) => (compare(a, b) <= 0 ? a : b));

const writeToken = (from: string) => Buffer.from(JSON.stringify({ from })).toString('base64url');

function readToken(token: string | undefined): string {
  if (token === undefined || token === '') return '';
  try {
    const { from } = JSON.parse(Buffer.from(token, 'base64url').toString()) as { from?: unknown };
    if (typeof from === 'string') return from;
  } catch {
    // Falls through: a malformed token is not one of ours.
  }
  throw invalid(`Invalid pageToken: '${token}'`);
}
