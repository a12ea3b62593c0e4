// The job's configuration, from its environment.
import { z } from 'zod';
import { attemptVariables, numberUpTo } from '../../shared/attempts/variables.ts';
import { readConfig as read, text, type Env } from '../../shared/config.ts';
import { isPipelineName } from '../../shared/runs/names.ts';
import { isKnownCountry } from './openings/holidays.ts';

const MOST_HORIZON_DAYS = 366;
const MOST_THREADS = 64;

const COUNTRY = 'a country code such as FR';

const variables = {
  ...attemptVariables,
  HORIZON_DAYS: numberUpTo(MOST_HORIZON_DAYS).default(84),
  COUNTRY: text(COUNTRY).refine(isKnownCountry, `expected ${COUNTRY}`).default('FR'),
  /** What happens where XGBoost is not installed: `none` fails the job, `seasonal` continues with the baseline. */
  ENGINE_FALLBACK: z.enum(['none', 'seasonal'], 'expected none or seasonal').default('none'),
  /** The path of libxgboost; where the system's loader finds it when absent. */
  XGBOOST_LIBRARY: text('the path of libxgboost').optional(),
  /** The pipeline whose trained weeks are used and kept; the job's own when absent. */
  TRAINING_OF: text('the name of a pipeline')
    .refine(isPipelineName, 'expected the name of a pipeline')
    .optional(),
  /** Weeks trained side by side; as many as there are processors when absent. Changes no byte. */
  THREADS: numberUpTo(MOST_THREADS).optional(),
};

export type JobConfig = z.infer<z.ZodObject<typeof variables>>;

/** Throws one `ConfigurationError` that names every variable that is wrong. */
export const readConfig = (env: Env): JobConfig => read(env, variables);
