// Configuration: a pure reading of the environment that reports every problem at once.
import { z } from 'zod';
import { ConfigurationError } from './errors.ts';

export type Env = Readonly<Record<string, string | undefined>>;

/** What every function and job knows of its deployment. */
export const cloudVariables = {
  GOOGLE_CLOUD_PROJECT: z.string().min(1),
  REGION: z.string().min(1),
  /** Where the Google APIs are, when not at Google's own addresses: `http://127.0.0.1:8080`. */
  GOOGLE_API_ENDPOINT: z.url().optional(),
};

/** Reads the variables of `schema`; throws one `ConfigurationError` that names all that are wrong. */
export function readConfig<Shape extends z.ZodRawShape>(env: Env, shape: Shape): z.infer<z.ZodObject<Shape>> {
  const read = z.object(shape).safeParse(env);
  if (read.success) return read.data;
  const problems = read.error.issues.map((issue) => {
    const name = String(issue.path[0]);
    const found = env[name] === undefined ? 'nothing' : `"${env[name]}"`;
    return `${name}: found ${found}; ${issue.message}`;
  });
  throw new ConfigurationError(`the environment is wrong:\n  ${problems.join('\n  ')}`);
}
