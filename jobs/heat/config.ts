// The job's configuration, from its environment.
import type { z } from 'zod';
import { attemptVariables } from '../../shared/attempts/variables.ts';
import { readConfig as read, type Env } from '../../shared/config.ts';

export type JobConfig = z.infer<z.ZodObject<typeof attemptVariables>>;

/** Throws one `ConfigurationError` that names every variable that is wrong. */
export const readConfig = (env: Env): JobConfig => read(env, attemptVariables);
