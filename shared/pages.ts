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

/** Receives the number of items that are needed at most; it may return fewer, and more pages follow. */
export type ReadPage<T> = (pageToken: string | undefined, most: number) => Promise<Page<T>>;

/** Reads to the end. */
export async function readPages<T>({ limit, what }: Listing, readPage: ReadPage<T>): Promise<readonly T[]> {
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

/** The first `most` items, or all there are. No page is read only to learn that there are more. */
export async function readFirst<T>(most: number, what: string, readPage: ReadPage<T>): Promise<readonly T[]> {
  let left = most;
  return readPages({ limit: most, what }, async (pageToken, wanted) => {
    const page = await readPage(pageToken, Math.min(wanted, left));
    const items = page.items.slice(0, left);
    left -= items.length;
    return { items, nextPageToken: left > 0 ? page.nextPageToken : undefined };
  });
}
