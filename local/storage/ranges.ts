// The two range headers: Content-Range of an upload's request, Range of a download.
import { ApiError, invalid } from '../http/errors.ts';

/**
 * `probe`: nothing is sent (with `total`, the upload is declared complete at that size).
 * `bytes`: bytes from `first`; without `last` the body is all the rest, and ends the upload.
 */
export type ContentRange =
  | { readonly kind: 'probe'; readonly total?: number }
  | { readonly kind: 'bytes'; readonly first: number; readonly last?: number; readonly total?: number };

/** No header means that the body is the whole object. Throws 400 on any other form. */
export function readContentRange(header: string | undefined): ContentRange {
  if (header === undefined) return { kind: 'bytes', first: 0 };
  const match = /^bytes (?:\*|(\d{1,15})-(\d{1,15}|\*))\/(\d{1,15}|\*)$/.exec(header.trim());
  if (match === null) throw invalid(`Failed to parse Content-Range header: '${header}'`);
  const [, first, last, size] = match;
  const total = size === '*' ? {} : { total: Number(size) };
  if (first === undefined) return { kind: 'probe', ...total };
  if (last === '*' || last === undefined) return { kind: 'bytes', first: Number(first), ...total };
  const range = { kind: 'bytes' as const, first: Number(first), last: Number(last), ...total };
  if (range.last < range.first || (range.total !== undefined && range.last >= range.total)) {
    throw invalid(`Invalid Content-Range header: '${header}'`);
  }
  return range;
}

/** Both ends inclusive. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/**
 * Reads `bytes=a-b`, `bytes=a-` and `bytes=-n` against a size. Anything else counts as no range, as HTTP
 * wants it. Throws 416 when the range starts past the end.
 */
export function readRange(header: string | undefined, sizeBytes: number): ByteRange | undefined {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '');
  if (match === null) return undefined;
  const [, from = '', to = ''] = match;
  if (from === '' && to === '') return undefined;
  if (from !== '' && to !== '' && Number(to) < Number(from)) return undefined;
  const first = from === '' ? Math.max(0, sizeBytes - Number(to)) : Number(from);
  const last = from === '' || to === '' ? sizeBytes - 1 : Math.min(Number(to), sizeBytes - 1);
  if (first > last) {
    throw new ApiError(416, 'requestedRangeNotSatisfiable', 'Request range not satisfiable', 'Range');
  }
  return { first, last };
}
