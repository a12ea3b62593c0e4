// What differs from one deployment to the next, and so stands in the environment, not in the definition.

export interface Setting {
  /** The variable's name, `DRIVE_FOLDER_ID`; the pipeline's name goes before it: `CARMILA_DRIVE_FOLDER_ID`. */
  readonly variable: string;
  /** What holds where the deployment says nothing; without it, saying nothing is an error. */
  readonly fallback: string | undefined;
}

export const fromEnv = (variable: string, fallback?: string): Setting => ({ variable, fallback });

/** A secret of the project's Secret Manager. Only its name stands anywhere; its value reaches the job alone. */
export interface Secret {
  readonly secret: string;
  /** A number, or `latest`: what is newest when an execution starts. */
  readonly version: string;
}

export const secret = (name: string, version = 'latest'): Secret => ({ secret: name, version });

/** Where a stack's file says a pipeline's setting: `carmila:driveFolderId`. */
export const stackKeyOf = (pipeline: string, { variable }: Setting): string =>
  `${pipeline}:${camelCase(variable)}`;

/** `OVERDUE_SECONDS` is `overdueSeconds` in a stack's file. */
export const camelCase = (variable: string): string =>
  variable.toLowerCase().replace(/_([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());

/** The full name of the environment variable that carries a pipeline's setting. */
export const variableOf = (pipeline: string, setting: Setting): string =>
  `${pipeline.toUpperCase().replaceAll('-', '_')}_${setting.variable}`;
