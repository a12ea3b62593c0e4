// The stack's configuration on this machine: the pipeline that is started, and those that .env configures.
import { join } from 'node:path';
import { OPERATOR } from '../local/http/api.ts';
import type { Env } from '../shared/config.ts';
import type { Pipeline } from '../shared/pipelines/pipeline.ts';
import { loadPipelines, pipelineNamed } from '../shared/pipelines/registry.ts';
import { CALLERS } from '../shared/pipelines/services.ts';
import { stackKeyOf, variableOf, type Setting } from '../shared/pipelines/setting.ts';
import { configured, isDriveId, settingsOf } from '../shared/pipelines/source-settings.ts';

export const LOCAL_PROJECT = 'sluice-local';
export const REGION = 'europe-west1';
/** A plain folder is copied into by hand; two seconds without a change mean that the copy is done. */
export const SETTLE_SECONDS = 2;

/** The Drive folder, or the bucket, that holds what is in the pipeline's plain folder. */
export const placeOf = (pipeline: string): string => `local-${pipeline}`;

/** With shorter waits than Google's. `name` is the pipeline that is started. */
export const localStack = (name: string, env: Env = {}): Record<string, string> => ({
  'gcp:project': LOCAL_PROJECT,
  'gcp:region': REGION,
  'sluice:overdueSeconds': '5',
  'sluice:minimumBackoff': '1s',
  // Ten refusals take half a minute: a poison message becomes a dead letter while the operator waits.
  'sluice:maximumBackoff': '5s',
  // Functions run the TypeScript of the tree.
  'sluice:functionsFolder': 'functions',
  'sluice:operators': `user:${OPERATOR}`,
  ...messageIn(env),
  ...started(pipelineNamed(loadPipelines(), name)),
});

/** One sentence for each pipeline that .env does not configure, with the variable that is missing. */
export function leftOutLocally(name: string, env: Env): readonly string[] {
  const others = [...loadPipelines().values()].filter((pipeline) => pipeline.name !== name);
  return configured(others, (variable) => env[variable]).leftOut;
}

export interface OtherFolder {
  readonly pipeline: string;
  readonly folderId: string;
  /** The plain folder that stands for it. */
  readonly folder: string;
}

/** Of the pipelines that watch a Drive folder beside the one that is started, as the configuration names them. */
export const otherDriveFolders = (
  data: string,
  started: string,
  config: Readonly<Record<string, string>>,
): readonly OtherFolder[] =>
  [...loadPipelines().values()].flatMap(({ name, trigger: { source } }) => {
    const folderId = source.kind === 'drive-folder' ? (config[stackKeyOf(name, source.folderId)] ?? '') : '';
    // What is no id is refused with all else that is wrong with the configuration.
    const isOther = name !== started && isDriveId(folderId) && folderId !== placeOf(started);
    return isOther ? [{ pipeline: name, folderId, folder: join(data, 'folders', folderId) }] : [];
  });

const settings = ({ trigger, job, services }: Pipeline): readonly Setting[] => [
  ...settingsOf(trigger.source),
  ...(job.settings ?? []),
  ...(services === undefined ? [] : [CALLERS]),
];

/** The environment's settings of every pipeline, under the names of the stack's file. */
const messageIn = (env: Env): Record<string, string> =>
  Object.fromEntries(
    [...loadPipelines().values()].flatMap((pipeline) =>
      settings(pipeline).flatMap((setting): [string, string][] => {
        const value = env[variableOf(pipeline.name, setting)] ?? '';
        return value === '' ? [] : [[stackKeyOf(pipeline.name, setting), value]];
      }),
    ),
  );

function started(pipeline: Pipeline): Record<string, string> {
  const { name, trigger, job } = pipeline;
  const { source } = trigger;
  const key = (setting: Setting) => stackKeyOf(name, setting);
  const fallback = job.settings?.find(({ variable }) => variable === 'ENGINE_FALLBACK');
  return {
    [key(source.kind === 'bucket' ? source.bucket : source.folderId)]: placeOf(name),
    [key(source.settleSeconds)]: String(SETTLE_SECONDS),
    // A laptop without XGBoost still runs the whole mesh; a deployed job fails without it.
    ...(fallback === undefined ? {} : { [key(fallback)]: 'seasonal' }),
  };
}
