// Settings that differ between deployments, and so are read from the environment instead of the definition.

export interface Setting {
  /** The variable's name, `DRIVE_FOLDER_ID`; the pipeline's name goes before it: `CARMILA_DRIVE_FOLDER_ID`. */
  readonly variable: string;
  /** The value if the deployment does not set it; without one, a missing setting is an error. */
  readonly fallback: string | undefined;
}

export const fromEnv = (variable: string, fallback?: string): Setting => ({ variable, fallback });

/** A secret of the project's Secret Manager. Only its name is written anywhere; its value reaches the job alone. */
export interface Secret {
  readonly secret: string;
  /** A number, or `latest`: the newest version when an execution starts. */
  readonly version: string;
}

export const secret = (name: string, version = 'latest'): Secret => ({ secret: name, version });

/** The key of a pipeline's setting in a stack's file: `carmila:driveFolderId`. */
export const stackKeyOf = (pipeline: string, { variable }: Setting): string =>
  `${pipeline}:${camelCase(variable)}`;

/** `OVERDUE_SECONDS` is `overdueSeconds` in a stack's file. */
export const camelCase = (variable: string): string =>
  variable.toLowerCase().replace(/_([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());

/** The full name of the environment variable that carries a pipeline's setting. */
export const variableOf = (pipeline: string, setting: Setting): string =>
  `${pipeline.toUpperCase().replaceAll('-', '_')}_${setting.variable}`;
