// What differs from one deployment to the next, and so stands in the environment, not in the definition.
import { ConfigurationError } from '../errors.ts';

export interface Setting {
  /** The variable's name, `DRIVE_FOLDER_ID`; the pipeline's name goes before it: `CARMILA_DRIVE_FOLDER_ID`. */
  readonly variable: string;
}

export const fromEnv = (variable: string): Setting => ({ variable });

/** The full name of the environment variable that carries a pipeline's setting. */
export const variableOf = (pipeline: string, setting: Setting): string =>
  `${pipeline.toUpperCase().replaceAll('-', '_')}_${setting.variable}`;

export function resolveSetting(
  pipeline: string,
  setting: Setting,
  env: Readonly<Record<string, string | undefined>>,
): string {
  const name = variableOf(pipeline, setting);
  const value = env[name];
  if (value === undefined || value === '') {
    throw new ConfigurationError(
      `${name} is not set: the pipeline "${pipeline}" needs it (see infra/functions.ts)`,
    );
  }
  return value;
}
