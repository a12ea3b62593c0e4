// Repeatable chance: the same keys give the same number, independent of earlier calls.

/** A number from 0 up to, not including, 1, drawn by the integers `keys`. */
export function chance(...keys: readonly number[]): number {
  let state = 0x243f6a88;
  for (const key of keys) {
    state = Math.imul(state ^ (key | 0), 0x9e3779b1);
    state ^= state >>> 15;
  }
  // The output step of the generator mulberry32.
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), state | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}

/** A draw around 0 with a deviation of 1, from -6 to 6. */
export function bell(...keys: readonly number[]): number {
  let sum = 0;
  for (let draw = 0; draw < 12; draw++) sum += chance(...keys, draw);
  return sum - 6;
}
