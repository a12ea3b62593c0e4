// One page of a list, as Google's REST APIs cut it.
import { invalid } from './errors.ts';

export interface PageQuery {
  readonly pageSize?: string;
  readonly pageToken?: string;
}

const LARGEST_PAGE = 1000;
const DEFAULT_PAGE = 100;

/** One page of named things; the token is the last name of the page before. */
export function page<T extends { name: string }>(
  field: string,
  query: PageQuery,
  list: (after: string, limit: number) => T[],
): Record<string, T[] | string> {
  const asked = Number(query.pageSize ?? DEFAULT_PAGE);
  if (!Number.isInteger(asked) || asked < 0) throw invalid(`Invalid page size: ${query.pageSize}`);
  const size = Math.min(asked || DEFAULT_PAGE, LARGEST_PAGE);
  const after = Buffer.from(query.pageToken ?? '', 'base64url').toString();
  const found = list(after, size + 1);
  const shown = found.slice(0, size);
  const last = found.length > size ? shown.at(-1) : undefined;
  return { [field]: shown, ...(last && { nextPageToken: Buffer.from(last.name).toString('base64url') }) };
}
