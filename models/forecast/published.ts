// What a forecast publishes for people beside its tables: an index of its series, and their days in files of bounded size.
// The job writes it, and its report and the console draw from it, so that the two show the same.
import { z } from 'zod';

/** The days of a series, from the index's first day on; null where nothing is known, and none of what is unknown at the end. */
const days = z.array(z.int().min(0).nullable()).readonly();
export const storedDays = z.object({
  predicted: days,
  lower: days,
  upper: days,
  /** As they were reported, outliers among them. Of sites together, without outliers. */
  actual: days,
  /** The actual of 364 days before, which is the same weekday. */
  lastYear: days,
});
export type StoredDays = z.infer<typeof storedDays>;

const share = z.number().nullable();

export const storedSeries = z.object({
  days: storedDays,
  /** The WAPE of each week of the index, one week ahead. */
  weeks: z.array(share).readonly(),
});
export type StoredSeries = z.infer<typeof storedSeries>;

/** Errors one week ahead, out of sample, over the year so far. */
const errors = { wape: share, bias: share, naiveMeanOfFour: share };

const offSite = z.object({
  key: z.string(),
  deviation: z.enum(['below', 'above', 'closed', 'open']),
  /** The first and the last of the days in a row of which this is true. */
  since: z.iso.date(),
  date: z.iso.date(),
  days: z.int(),
  actual: z.number(),
  expected: z.number(),
  lower: z.number(),
  upper: z.number(),
});

export const forecastIndex = z.object({
  version: z.literal(1),
  engine: z.string(),
  /** The first day of every series; the tables begin on `tableFrom`, 1 January. */
  firstDay: z.iso.date(),
  tableFrom: z.iso.date(),
  lastActual: z.iso.date(),
  lastDay: z.iso.date(),
  /** Of all sites. */
  measured: z.object({
    ...errors,
    naiveLastWeek: share,
    wapeHorizon: share,
    /** The share of days within the band: of sites, and of all sites together. */
    coverage: share,
    coverageOfTotal: share,
  }),
  /** By the Monday that the week begins with. */
  weeks: z
    .array(z.object({ monday: z.iso.date(), wape: share, naiveLastWeek: share, naiveMeanOfFour: share }))
    .readonly(),
  all: storedDays,
  /** The largest first; those that have days of their own have them in the clusters' file, in this order. */
  clusters: z
    .array(z.object({ key: z.string(), cluster: z.string(), sites: z.int().min(1), ...errors }))
    .readonly(),
  /** In the order of the tables. */
  sites: z
    .array(z.object({ key: z.string(), code: z.string(), mall: z.string(), cluster: z.string(), ...errors }))
    .readonly(),
  sitesPerFile: z.int().min(1),
  /** The farthest off first. */
  offNow: z.array(offSite).readonly(),
});
export type ForecastIndex = z.infer<typeof forecastIndex>;
export type OffNow = z.infer<typeof offSite>;
