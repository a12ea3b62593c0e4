// What the job is told by its environment.
import { z } from 'zod';
import { cloudVariables, readConfig as read, type Env } from '../../shared/config.ts';
import { isPipelineName, isRunId } from '../../shared/runs/names.ts';
import { isKnownCountry } from './openings/holidays.ts';

const MOST_HORIZON_DAYS = 366;
const MOST_THREADS = 64;

const variables = {
  GOOGLE_CLOUD_PROJECT: cloudVariables.GOOGLE_CLOUD_PROJECT,
  GOOGLE_API_ENDPOINT: cloudVariables.GOOGLE_API_ENDPOINT,
  PIPELINE: z.string().refine(isPipelineName, 'expected the name of a pipeline'),
  RUN_ID: z.string().refine(isRunId, 'expected the id of a run, such as 000005-3fa9c1d2'),
  ATTEMPT: z.coerce.number().pipe(z.int().min(1).max(99)),
  RUNS_BUCKET: z.string().min(1),
  RESULTS_BUCKET: z.string().min(1),
  MODELS_BUCKET: z.string().min(1),
  HORIZON_DAYS: z.coerce.number().pipe(z.int().min(1).max(MOST_HORIZON_DAYS)).default(84),
  COUNTRY: z.string().refine(isKnownCountry, 'expected a country code such as FR').default('FR'),
  /** What happens where XGBoost is not installed: `none` fails the job, `seasonal` goes on with the baseline. */
  ENGINE_FALLBACK: z.enum(['none', 'seasonal']).default('none'),
  /** The path of libxgboost; where the system's loader finds it when absent. */
  XGBOOST_LIBRARY: z.string().optional(),
  /** Weeks trained side by side; as many as there are processors when absent. Changes no byte. */
  THREADS: z.coerce.number().pipe(z.int().min(1).max(MOST_THREADS)).optional(),
};

export type JobConfig = z.infer<z.ZodObject<typeof variables>>;

/** Throws one `ConfigurationError` that names every variable that is wrong. */
export const readConfig = (env: Env): JobConfig => read(env, variables);
