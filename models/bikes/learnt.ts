// What the features need of the training data: tables by counter, as JSON.
import { z } from 'zod';
import { deadRows } from './dead-runs.ts';
import type { Hour, Observations } from './observations.ts';
import { SLOTS, slotOf } from './slots.ts';

/** One number for each slot: the mean of log(1 + count). */
const profile = z.array(z.number()).length(SLOTS).readonly();

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
        /** Hours of the training data in which the counter worked. */
        hours: z.int().min(0),
        /** Over the whole training data. */
        usual: profile,
        /** Over its last eight weeks. */
        recent: profile,
      }),
    )
    .min(1)
    .readonly(),
});
export type Learnt = z.infer<typeof learnt>;

const RECENT_HOURS = 8 * 7 * 24;
/** As many hours of a slot as the prior weighs; one for a counter's level. */
const USUAL_PRIOR = 2;
const RECENT_PRIOR = 4;
const LEVEL_PRIOR = 24;

/** Learns from the hours before `upTo` alone. */
export function learn(observations: Observations, upTo: Hour): Learnt {
  const { counters } = observations;
  const all = sumsOf(observations, upTo, Number.NEGATIVE_INFINITY);
  const late = sumsOf(observations, upTo, upTo - RECENT_HOURS);
  const city = meansOf(all.live, counters.length);
  return {
    upTo,
    counters: counters.map(({ name, latitude, longitude }, index) => {
      const usual = shrunk(all.live[index]!, city, USUAL_PRIOR);
      const rows = all.rows[index]!;
      return {
        name,
        latitude: latitude ?? null,
        longitude: longitude ?? null,
        mean: rows === 0 ? 0 : all.counts[index]! / rows,
        hours: total(all.live[index]!.hours),
        usual: usual.map(rounded),
        recent: shrunk(late.live[index]!, usual, RECENT_PRIOR).map(rounded),
      };
    }),
  };
}

interface SlotSums {
  readonly logs: Float64Array;
  readonly hours: Float64Array;
}

interface Sums {
  /** By counter, over all rows. */
  readonly counts: Float64Array;
  readonly rows: Float64Array;
  /** By counter, over the rows in which it worked. */
  readonly live: readonly SlotSums[];
}

function sumsOf(observations: Observations, upTo: Hour, from: Hour): Sums {
  const { counters, counter, hour, count } = observations;
  const dead = deadRows(observations, upTo);
  const counts = new Float64Array(counters.length);
  const rows = new Float64Array(counters.length);
  const live = counters.map(() => ({ logs: new Float64Array(SLOTS), hours: new Float64Array(SLOTS) }));
  for (let row = 0; row < hour.length; row += 1) {
    const [at, place] = [hour[row]!, counter[row]!];
    if (at >= upTo || at < from) continue;
    counts[place]! += count[row]!;
    rows[place]! += 1;
    if (dead[row] === 1) continue;
    const { slot } = slotOf(at);
    const { logs, hours } = live[place]!;
    logs[slot]! += Math.log1p(count[row]!);
    hours[slot]! += 1;
  }
  return { counts, rows, live };
}

/** The mean of a slot over all counters that know it. */
function meansOf(live: readonly SlotSums[], counters: number): readonly number[] {
  return Array.from({ length: SLOTS }, (_, slot) => {
    let [sum, known] = [0, 0];
    for (let index = 0; index < counters; index += 1) {
      const { logs, hours } = live[index]!;
      if (hours[slot] === 0) continue;
      sum += logs[slot]! / hours[slot]!;
      known += 1;
    }
    return known === 0 ? 0 : sum / known;
  });
}

/** The counter's own means, drawn towards `prior` moved to the counter's level, where hours are few. */
function shrunk({ logs, hours }: SlotSums, prior: readonly number[], weight: number): readonly number[] {
  let above = 0;
  for (let slot = 0; slot < SLOTS; slot += 1) above += logs[slot]! - hours[slot]! * prior[slot]!;
  const level = above / (total(hours) + LEVEL_PRIOR);
  return prior.map((value, slot) =>
    Math.max(0, (logs[slot]! + weight * (value + level)) / (hours[slot]! + weight)),
  );
}

const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);
const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;
