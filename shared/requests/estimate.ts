// What a requested run is expected to cost, shown before it is accepted and beside the actual cost afterwards.
import { z } from 'zod';

/** US dollars. `expected` is null without history: then `high`, all attempts at their longest, is the only bound. */
export const estimate = z.object({
  low: z.number().min(0),
  expected: z.number().min(0).nullable(),
  high: z.number().min(0),
  currency: z.literal('USD'),
  basis: z.object({
    /** How many finished runs it is computed from, and over which time. */
    runs: z.int().min(0),
    from: z.iso.datetime().nullable(),
    to: z.iso.datetime().nullable(),
    /** The date of the price list. */
    prices: z.iso.date(),
  }),
  /** Of the pipeline, the parameters and the numbers: an approval quotes it. */
  hash: z.string().regex(/^[0-9a-f]{16}$/),
});
export type Estimate = z.infer<typeof estimate>;

/** One finished run: what its parameters predict, and what it took. */
export const measured = z.object({
  /** A size that the pipeline's estimator computes from the parameters, such as sites × days. */
  units: z.number().min(0),
  seconds: z.number().min(0),
  endedAt: z.iso.datetime(),
});
export type Measured = z.infer<typeof measured>;
