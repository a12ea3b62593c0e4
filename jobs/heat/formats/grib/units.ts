// The units of time of GRIB, by their codes: both editions have the same, but for the second.
const MINUTE = 60_000;

/** Milliseconds of each unit; `second`: the edition's code of the second. */
export const unitsOfTime = (second: number): ReadonlyMap<number, number> =>
  new Map([
    [0, MINUTE],
    [1, 60 * MINUTE],
    [2, 24 * 60 * MINUTE],
    [10, 3 * 60 * MINUTE],
    [11, 6 * 60 * MINUTE],
    [12, 12 * 60 * MINUTE],
    [second, 1000],
  ]);
