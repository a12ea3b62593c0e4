// The bounds of one request (law 10).

export const MOST_RECORDS = 10_000;
export const MOST_BODY_BYTES = 2_000_000;
/** More problems are counted and not listed. */
export const MOST_PROBLEMS = 100;
