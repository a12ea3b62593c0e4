// The job's configuration, from its environment.
import type { z } from 'zod';
import { attemptVariables, numberUpTo } from '../../shared/attempts/variables.ts';
import { readConfig as read, text, type Env } from '../../shared/config.ts';

const MOST_THREADS = 64;

const variables = {
  ...attemptVariables,
  /** The path of libxgboost; where the system's loader finds it when absent. */
  XGBOOST_LIBRARY: text('the path of libxgboost').optional(),
  /** Threads of one training; as many as there are processors when absent. */
  THREADS: numberUpTo(MOST_THREADS).optional(),
};

export type JobConfig = z.infer<z.ZodObject<typeof variables>>;

/** Throws one `ConfigurationError` that names every variable that is wrong. */
export const readConfig = (env: Env): JobConfig => read(env, variables);
