// A what-if forecast: what a request may ask for, and what the job answers. The pipeline declares it, the job keeps to it.
import { z } from 'zod';

/** The job forecasts so many days for the published tables; the trees that are kept reach as far. */
export const MOST_DAYS = 84;
const MOST_SITES = 500;
const MOST_OPENINGS = 1_000;
const LONGEST_NAME = 200;

export const WEEKDAYS = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const;

const siteName = z.string().min(1).max(LONGEST_NAME);

/** One line as in the census of openings, or one for each such weekday. */
export const otherOpening = z
  .strictObject({
    site: siteName
      .describe(
        'The name of a site as in the published table, or its code. Absent: all sites of the request.',
      )
      .optional(),
    date: z.iso
      .date('expected a day such as 2026-12-20')
      .describe('The day. Either this or weekday; a day after the last actual, within the horizon.')
      .optional(),
    weekday: z.enum(WEEKDAYS).describe('Every such weekday of the horizon. Either this or date.').optional(),
    open: z.boolean().describe('true: the site is open on that day. false: it is closed.'),
  })
  .refine(({ date, weekday }) => (date === undefined) !== (weekday === undefined), {
    error: 'expected either date or weekday',
    path: ['date'],
  });
export type OtherOpening = z.infer<typeof otherOpening>;

export const whatIfParameters = z.strictObject({
  sites: z
    .array(siteName)
    .min(1)
    .max(MOST_SITES)
    .describe('The sites to forecast: names as in the published table, or codes. Absent: all.')
    .optional(),
  openings: z
    .array(otherOpening)
    .max(MOST_OPENINGS)
    .describe(
      'Openings in place of those of the census "Recensement OE" and of the usual week. A later entry replaces an earlier one.',
    )
    .optional(),
  horizon_days: z
    .int()
    .min(1)
    .max(MOST_DAYS)
    .describe(`How many days after the last actual; ${MOST_DAYS} when absent.`)
    .optional(),
});
export type WhatIfParameters = z.infer<typeof whatIfParameters>;

const visitors = z.int().min(0);

/** Whole visitors. `low` and `high`: eight times in ten the visitors lie between them. */
const forecastDay = {
  open: z.boolean(),
  forecast: visitors,
  low: visitors,
  high: visitors,
};

export const whatIfRow = z.strictObject({
  site: z.string(),
  date: z.iso.date(),
  ...forecastDay,
  /** The same day with the openings of the census. */
  published: z.strictObject(forecastDay),
});
export type WhatIfRow = z.infer<typeof whatIfRow>;

/** All sites and days together. */
const total = z.strictObject({ forecast: visitors, published: visitors, difference: z.int() });

export const whatIfResult = z.strictObject({
  engine: z.string(),
  /** The last day with visitors in the input. */
  lastActual: z.iso.date(),
  firstDay: z.iso.date(),
  lastDay: z.iso.date(),
  sites: z.int().min(1),
  /** How many days of sites the openings change. */
  changedDays: z.int().min(0),
  total,
  /** In order of site and date. */
  rows: z.array(whatIfRow).readonly(),
});
export type WhatIfResult = z.infer<typeof whatIfResult>;
