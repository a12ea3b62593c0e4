// The settings of the pipelines' triggers, and which pipelines a deployment configures.
import type { z } from 'zod';
import { bucket, matching } from '../config.ts';
import { seconds, type Milliseconds } from './duration.ts';
import type { WatchedPlace } from './overlaps.ts';
import { isRequests, watchesOf, type Pipeline, type WatchPipeline } from './pipeline.ts';
import { REQUEST_SETTINGS } from './requesters.ts';
import { variableOf, type Setting } from './setting.ts';
import type { Source } from './source.ts';

type Form = z.ZodType<string>;
type NameOf = (pipeline: string, setting: Setting) => string;

const DRIVE_ID = matching(/^[A-Za-z0-9_-]{1,128}$/, 'the id of a Drive folder, the last part of its address');
export const isDriveId = (text: string): boolean => DRIVE_ID.safeParse(text).success;
const SECONDS = matching(/^\d{1,9}$/, 'a whole number of seconds, 0 or more');

/** The place of the source: a Drive folder's id, or a bucket's name. */
const placeOf = (source: Source): readonly [Setting, z.ZodString] =>
  source.kind === 'drive-folder' ? [source.folderId, DRIVE_ID] : [source.bucket, bucket()];

const formsOf = (source: Source): readonly (readonly [Setting, z.ZodString])[] => [
  placeOf(source),
  [source.settleSeconds, SECONDS],
];

/** The settings of a source, the place first. */
export const settingsOf = (source: Source): readonly Setting[] => formsOf(source).map(([setting]) => setting);

/** Those without which the source cannot be watched. */
export const neededSettings = (source: Source): readonly Setting[] =>
  settingsOf(source).filter(({ fallback }) => fallback === undefined);

/** The settings of a pipeline's trigger: its source's, or who may request its runs. */
export const triggerSettings = ({ trigger }: Pipeline): readonly Setting[] =>
  trigger.kind === 'watch' ? settingsOf(trigger.source) : REQUEST_SETTINGS;

/** Those without which the trigger cannot work. */
export const neededByTrigger = (pipeline: Pipeline): readonly Setting[] =>
  triggerSettings(pipeline).filter(({ fallback }) => fallback === undefined);

/**
 * The variables that carry the settings of the pipelines' sources, each with what it accepts: for `readConfig`, so that
 * wrong settings are reported at start, together with all others. `nameOf` names them.
 */
export const sourceVariables = (
  pipelines: Iterable<Pipeline>,
  nameOf: NameOf = variableOf,
): Record<string, Form> =>
  Object.fromEntries(
    watchesOf(pipelines).flatMap(({ name, trigger }) =>
      formsOf(trigger.source).map(([setting, form]): [string, Form] => [
        nameOf(name, setting),
        orFallback(form, setting),
      ]),
    ),
  );

const orFallback = (form: z.ZodString, { fallback }: Setting): Form =>
  fallback === undefined ? form : form.default(fallback);

export interface SourceSettings {
  /** A Drive folder's id, or a bucket's name, a slash and the prefix. */
  readonly place: string;
  readonly settleMs: Milliseconds;
}

/** A source's settings, from what `readConfig` made of `sourceVariables`. */
export function sourceSettings(
  { name, trigger: { source } }: WatchPipeline,
  config: Readonly<Record<string, unknown>>,
): SourceSettings {
  const valueOf = (setting: Setting) => String(config[variableOf(name, setting)]);
  const [setting] = placeOf(source);
  const place = source.kind === 'bucket' ? `${valueOf(setting)}/${source.prefix}` : valueOf(setting);
  return { place, settleMs: seconds(Number(valueOf(source.settleSeconds))) };
}

/** The buckets and prefixes that the pipelines watch, from what `readConfig` made of `sourceVariables` under the same names. */
export const watchedPlaces = (
  pipelines: readonly Pipeline[],
  config: Readonly<Record<string, unknown>>,
  nameOf: NameOf,
): readonly WatchedPlace[] =>
  watchesOf(pipelines).flatMap(({ name, trigger: { source } }) =>
    source.kind === 'bucket'
      ? [{ pipeline: name, bucket: String(config[nameOf(name, source.bucket)]), prefix: source.prefix }]
      : [],
  );

export interface Configured {
  readonly pipelines: readonly Pipeline[];
  /** One sentence for each pipeline that this deployment does not configure. */
  readonly leftOut: readonly string[];
}

/**
 * A pipeline that the deployment does not configure at all is left out; one that it configures in part is kept, so that
 * `readConfig` refuses it. One that uses the input of a pipeline which is left out is left out as well. `valueOf`
 * returns the deployment's value for a name.
 */
export function configured(
  pipelines: Iterable<Pipeline>,
  valueOf: (name: string) => string | undefined,
  nameOf: NameOf = variableOf,
): Configured {
  const isMentioned = (name: string) => (valueOf(name) ?? '') !== '';
  const all = [...pipelines];
  const missing = new Map<string, string>();
  for (const pipeline of all) {
    const named = (settings: readonly Setting[]) => settings.map((setting) => nameOf(pipeline.name, setting));
    const needed = named(neededByTrigger(pipeline));
    if (needed.length === 0 || named(triggerSettings(pipeline)).some(isMentioned)) continue;
    missing.set(pipeline.name, `${needed.join(' and ')} ${needed.length > 1 ? 'are' : 'is'} not set`);
  }
  for (const { name, trigger } of all.filter(isRequests)) {
    const { inputOf } = trigger;
    if (inputOf !== undefined && missing.has(inputOf) && !missing.has(name))
      missing.set(name, `it uses the input of ${inputOf}, which is left out`);
  }
  return {
    pipelines: all.filter(({ name }) => !missing.has(name)),
    leftOut: [...missing].map(([name, why]) => `the pipeline ${name} is left out: ${why}`),
  };
}
