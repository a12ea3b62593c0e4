// The units of time of GRIB, by their codes: both editions have the same, but for the second. And whether a date is one.
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

/** Whether the calendar has this date, and `time` (ms since 1970) is it: `Date.UTC` takes month 13, and year 50 as 1950. */
export function isDate(time: number, [year, month, day, ...clock]: readonly number[]): boolean {
  const date = new Date(time);
  const [hour, minute, second] = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()];
  return (
    date.getUTCFullYear() === year &&
    date.getUTCMonth() + 1 === month &&
    date.getUTCDate() === day &&
    [hour, minute, second].every((value, at) => value === clock[at])
  );
}
