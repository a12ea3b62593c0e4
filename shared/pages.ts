// Reads a listing to its end, page by page: one loop for every client, with a limit on the number of items.
import { BoundError } from './errors.ts';

export interface Page<T> {
  readonly items: readonly T[];
  /** Undefined on the last page, and on no other. */
  readonly nextPageToken: string | undefined;
}

export interface Listing {
  /** How many items there may be; one more is an error (law 10). */
  readonly limit: number;
  /** What is listed, for the error: `objects under gs://bucket/prefix`. */
  readonly what: string;
}

// A service may return an empty page with a token for the next.
const MOST_EMPTY_PAGES = 100;

/** `readPage` receives the number of items that are needed at most; it may return fewer, and more pages follow. */
export async function readPages<T>(
  { limit, what }: Listing,
  readPage: (pageToken: string | undefined, most: number) => Promise<Page<T>>,
): Promise<readonly T[]> {
  const found: T[] = [];
  let pageToken: string | undefined;
  for (let empty = 0; empty < MOST_EMPTY_PAGES;) {
    const page = await readPage(pageToken, limit + 1 - found.length);
    for (const item of page.items) found.push(item);
    if (found.length > limit) throw new BoundError(`there are more than ${limit} ${what}`);
    pageToken = page.nextPageToken;
    if (pageToken === undefined) return found;
    empty = page.items.length === 0 ? empty + 1 : 0;
  }
  throw new BoundError(`the listing of ${what} returned ${MOST_EMPTY_PAGES} empty pages in a row`);
}
