// What differs from one deployment to the next, and so stands in the environment, not in the definition.
import type { z } from 'zod';
import { matching } from '../config.ts';
import { seconds, type Milliseconds } from './duration.ts';
import type { Pipeline } from './pipeline.ts';

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

/** The full name of the environment variable that carries a pipeline's setting. */
export const variableOf = (pipeline: string, setting: Setting): string =>
  `${pipeline.toUpperCase().replaceAll('-', '_')}_${setting.variable}`;

type Form = z.ZodType<string>;

const DRIVE_ID = matching(/^[A-Za-z0-9_-]{1,128}$/, 'the id of a Drive folder, the last part of its address');
const SECONDS = matching(/^\d{1,9}$/, 'a whole number of seconds, 0 or more');

/**
 * The variables that carry the settings of the pipelines' sources, each with what it accepts: for `readConfig`,
 * so that what is wrong with them is told at start, together with all else. `nameOf` names them.
 */
export const sourceVariables = (
  pipelines: Iterable<Pipeline>,
  nameOf: (pipeline: string, setting: Setting) => string = variableOf,
): Record<string, Form> =>
  Object.fromEntries(
    [...pipelines].flatMap(({ name, source: { folderId, settleSeconds } }): [string, Form][] => [
      [nameOf(name, folderId), orFallback(DRIVE_ID, folderId)],
      [nameOf(name, settleSeconds), orFallback(SECONDS, settleSeconds)],
    ]),
  );

const orFallback = (form: z.ZodString, { fallback }: Setting): Form =>
  fallback === undefined ? form : form.default(fallback);

export interface SourceSettings {
  readonly folderId: string;
  readonly settleMs: Milliseconds;
}

/** A source's settings, from what `readConfig` made of `sourceVariables`. */
export function sourceSettings(
  { name, source }: Pipeline,
  config: Readonly<Record<string, unknown>>,
): SourceSettings {
  const said = (setting: Setting) => String(config[variableOf(name, setting)]);
  return { folderId: said(source.folderId), settleMs: seconds(Number(said(source.settleSeconds))) };
}
