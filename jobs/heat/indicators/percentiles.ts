// Percentiles of all values of a series that are there.

/** The values in ascending sequence, without the missing ones. */
export const sorted = (values: Float32Array): Float32Array =>
  values.filter((value) => !Number.isNaN(value)).sort();

/**
 * Between the two values next to place (n − 1) · p, in proportion; as numpy and R (type 7) have it. Null where there is no
 * value. `share` is 0 to 1.
 */
export function percentile(ascending: Float32Array, share: number): number | null {
  if (ascending.length === 0) return null;
  const place = (ascending.length - 1) * share;
  const low = ascending[Math.floor(place)]!;
  return low + (place - Math.floor(place)) * (ascending[Math.ceil(place)]! - low);
}
