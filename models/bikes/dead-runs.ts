// Hours of a counter that counted nothing because it was broken: a day of zeros or more, one after the other.
import type { Hour, Observations } from './observations.ts';

const SHORTEST_HOURS = 24;

/** 1 for each row before `upTo` that is part of such a run; rows at or after `upTo` are neither read nor marked. */
export function deadRows({ counter, hour, count }: Observations, upTo: Hour): Uint8Array {
  const dead = new Uint8Array(hour.length);
  let start = 0;
  for (let row = 0; row <= hour.length; row += 1) {
    const goesOn =
      row < hour.length && hour[row]! < upTo && count[row] === 0 && counter[row] === counter[start];
    if (goesOn) continue;
    if (row - start >= SHORTEST_HOURS) dead.fill(1, start, row);
    // The row that ended a run begins one if it is a zero of the next counter.
    start = row < hour.length && hour[row]! < upTo && count[row] === 0 ? row : row + 1;
  }
  return dead;
}
