// What differs from one deployment to the next, and so stands in the environment, not in the definition.
import { ConfigurationError } from '../errors.ts';

export interface Setting {
  /** The variable's name, `DRIVE_FOLDER_ID`; the pipeline's name goes before it: `CARMILA_DRIVE_FOLDER_ID`. */
  readonly variable: string;
  /** What holds where the deployment says nothing; without it, saying nothing is an error. */
  readonly fallback: string | undefined;
}

export const fromEnv = (variable: string, fallback?: string): Setting => ({ variable, fallback });

/** The full name of the environment variable that carries a pipeline's setting. */
export const variableOf = (pipeline: string, setting: Setting): string =>
  `${pipeline.toUpperCase().replaceAll('-', '_')}_${setting.variable}`;

export function resolveSetting(
  pipeline: string,
  setting: Setting,
  env: Readonly<Record<string, string | undefined>>,
): string {
  const name = variableOf(pipeline, setting);
  const value = env[name] || setting.fallback;
  if (value === undefined) {
    throw new ConfigurationError(
      `${name} is not set: the pipeline "${pipeline}" needs it (see infra/functions.ts)`,
    );
  }
  return value;
}

/** A setting that counts something: a whole number, 0 or more. */
export function resolveCount(
  pipeline: string,
  setting: Setting,
  env: Readonly<Record<string, string | undefined>>,
): number {
  const value = resolveSetting(pipeline, setting, env);
  if (/^\d{1,9}$/.test(value)) return Number(value);
  throw new ConfigurationError(`${variableOf(pipeline, setting)} is "${value}"; expected a whole number`);
}
