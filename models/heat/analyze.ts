// An analysis of a city and a period: what a request may ask for, and what the job answers. The pipeline declares it, the
// job keeps to it, and the API has a path of its own for it.
import { z } from 'zod';
import { indicators, metrics } from './documents.ts';

/** The pipeline whose job analyses. */
export const HEAT_ANALYZE = 'heat-analyze';

/** A quarter of a year of hours is what the job's memory is made for. */
const MOST_DAYS = 92;
const DAY_MS = 86_400_000;

const day = z.iso.date('expected a day such as 2024-08-01');
const period = z.strictObject({
  start: day.describe('The first day'),
  end: day.describe('The last day, which is part of the period'),
});
type Period = z.infer<typeof period>;

export const daysOf = ({ start, end }: Period): number => (Date.parse(end) - Date.parse(start)) / DAY_MS + 1;

export const analyzeParameters = z.strictObject({
  city: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,39}$/, 'expected the name of a city as in its configuration, such as paris')
    .describe('The city, by the name in its configuration. Absent: the only one that is configured.')
    .optional(),
  period: period
    .refine((given) => daysOf(given) >= 1 && daysOf(given) <= MOST_DAYS, {
      error: `expected a start that is not after the end, and at most ${MOST_DAYS} days`,
    })
    .describe("Days in UTC that the raw data cover. Absent: the period of the city's configuration.")
    .optional(),
  threshold_celsius: z
    .number()
    .min(-50)
    .max(60)
    .describe("Above it an hour is hot. Absent: the threshold of the city's configuration.")
    .optional(),
});
export type AnalyzeParameters = z.infer<typeof analyzeParameters>;

export const analyzeResult = z.strictObject({
  city: z.string(),
  period,
  threshold_celsius: z.number(),
  indicators,
  metrics,
  /** The attachments. */
  files: z.array(z.string()).readonly(),
});
export type AnalyzeResult = z.infer<typeof analyzeResult>;

export const RESULT_FILE = 'analysis.json';
/** Maps, pictures and reports. */
export const ATTACHMENTS =
  /^[a-z][a-z0-9-]*_((temperature|ndvi|ndbi)\.(tif|png)|(indicators|metrics)\.json|report(\.fr)?\.(html|pdf))$/;
