// What the features need of the training data: tables by counter, as JSON.
import { z } from 'zod';
import type { Hour, Observations } from './observations.ts';

export const learnt = z.object({
  /** The first hour that is not in the training data. */
  upTo: z.int(),
  counters: z
    .array(
      z.object({
        name: z.string(),
        latitude: z.number().nullable(),
        longitude: z.number().nullable(),
        /** Bicycles an hour, over the whole training data: above it, an hour is `forte`. */
        mean: z.number().min(0),
      }),
    )
    .min(1)
    .readonly(),
});
export type Learnt = z.infer<typeof learnt>;

/** Learns from the hours before `upTo` alone. */
export function learn({ counters, counter, hour, count }: Observations, upTo: Hour): Learnt {
  const sums = new Float64Array(counters.length);
  const hours = new Float64Array(counters.length);
  for (let row = 0; row < hour.length; row += 1) {
    if (hour[row]! >= upTo) continue;
    sums[counter[row]!]! += count[row]!;
    hours[counter[row]!]! += 1;
  }
  return {
    upTo,
    counters: counters.map(({ name, latitude, longitude }, index) => ({
      name,
      latitude: latitude ?? null,
      longitude: longitude ?? null,
      mean: hours[index] === 0 ? 0 : sums[index]! / hours[index]!,
    })),
  };
}
