// What the job is told by its environment.
import { z } from 'zod';
import { bucket, cloudVariables, matching, readConfig as read, text, type Env } from '../../shared/config.ts';
import { isPipelineName, isRunId } from '../../shared/runs/names.ts';
import { isKnownCountry } from './openings/holidays.ts';

const MOST_HORIZON_DAYS = 366;
const MOST_THREADS = 64;

const RUN_ID = 'the id of a run, such as 000005-3fa9c1d2';
const COUNTRY = 'a country code such as FR';

const numberUpTo = (most: number) =>
  matching(/^\d+$/, `a whole number from 1 to ${most}`)
    .transform(Number)
    .refine((number) => number >= 1 && number <= most, `expected a whole number from 1 to ${most}`);

const variables = {
  GOOGLE_CLOUD_PROJECT: cloudVariables.GOOGLE_CLOUD_PROJECT,
  GOOGLE_API_ENDPOINT: cloudVariables.GOOGLE_API_ENDPOINT,
  PIPELINE: text('the name of a pipeline').refine(isPipelineName, 'expected the name of a pipeline'),
  RUN_ID: text(RUN_ID).refine(isRunId, `expected ${RUN_ID}`),
  ATTEMPT: numberUpTo(99),
  RUNS_BUCKET: bucket(),
  RESULTS_BUCKET: bucket(),
  MODELS_BUCKET: bucket(),
  HORIZON_DAYS: numberUpTo(MOST_HORIZON_DAYS).default(84),
  COUNTRY: text(COUNTRY).refine(isKnownCountry, `expected ${COUNTRY}`).default('FR'),
  /** What happens where XGBoost is not installed: `none` fails the job, `seasonal` goes on with the baseline. */
  ENGINE_FALLBACK: z.enum(['none', 'seasonal'], 'expected none or seasonal').default('none'),
  /** The path of libxgboost; where the system's loader finds it when absent. */
  XGBOOST_LIBRARY: text('the path of libxgboost').optional(),
  /** Weeks trained side by side; as many as there are processors when absent. Changes no byte. */
  THREADS: numberUpTo(MOST_THREADS).optional(),
};

export type JobConfig = z.infer<z.ZodObject<typeof variables>>;

/** Throws one `ConfigurationError` that names every variable that is wrong. */
export const readConfig = (env: Env): JobConfig => read(env, variables);
