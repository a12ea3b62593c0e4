// Why a row is dropped: a closed list, counted in the metrics by file.

/** The row says nothing that can be used. Over 5 % of them refuse the file. */
export const MALFORMED = [
  'unclosed-quote',
  'line-too-long',
  'field-count',
  'no-counter',
  'unreadable-time',
  'time-out-of-range',
  'not-a-full-hour',
  'unreadable-count',
  'negative-count',
  'absurd-count',
] as const;

/** The row is well-formed, and there is nothing to learn from it. */
export const LEFT_OUT = [
  'count-not-reported',
  'no-such-hour',
  'repeated-row',
  'replaced-row',
  'repeated-header',
  'total-line',
  'blank-line',
] as const;

export type MalformedReason = (typeof MALFORMED)[number];
export type DropReason = MalformedReason | (typeof LEFT_OUT)[number];
/** Only reasons that occurred. */
export type Dropped = Readonly<Partial<Record<DropReason, number>>>;

const malformed: ReadonlySet<string> = new Set(MALFORMED);
export const isMalformed = (reason: DropReason): reason is MalformedReason => malformed.has(reason);
/** Lines that were never meant as rows, and count as none in the share of malformed ones. */
export const isNoRow = (reason: DropReason): boolean =>
  reason === 'blank-line' || reason === 'repeated-header' || reason === 'total-line';

/** In the order of the lists, so that the same rows give the same text. */
export const droppedOf = (counts: ReadonlyMap<DropReason, number>): Dropped =>
  Object.fromEntries(
    [...MALFORMED, ...LEFT_OUT].flatMap((reason) => {
      const count = counts.get(reason) ?? 0;
      return count === 0 ? [] : [[reason, count]];
    }),
  );
