// The stack's configuration on this machine: the pipeline that is started, and those that .env configures.
import { join } from 'node:path';
import { OPERATOR } from '../local/http/api.ts';
import type { Env } from '../shared/config.ts';
import {
  requestsOf,
  watchesOf,
  type Pipeline,
  type RequestsPipeline,
  type WatchPipeline,
} from '../shared/pipelines/pipeline.ts';
import { REQUEST_APPROVERS, REQUEST_CALLERS } from '../shared/pipelines/requesters.ts';
import { secretSettings } from '../shared/pipelines/job.ts';
import { loadPipelines, watchNamed } from '../shared/pipelines/registry.ts';
import { CALLERS } from '../shared/pipelines/services.ts';
import { stackKeyOf, variableOf, type Setting } from '../shared/pipelines/setting.ts';
import { configured, isDriveId, triggerSettings } from '../shared/pipelines/source-settings.ts';

export const LOCAL_PROJECT = 'sluice-local';
export const REGION = 'europe-west1';
/** A plain folder is copied into by hand; two seconds without a change mean that the copy is done. */
export const SETTLE_SECONDS = 2;

/** The Drive folder, or the bucket, that holds what is in the pipeline's plain folder. */
export const placeOf = (pipeline: string): string => `local-${pipeline}`;

/** While npm start runs, this person may read with the console, and sends nothing. */
export const CONSOLE_READER = 'reader@local';

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
  'sluice:consoleOperators': `user:${OPERATOR}`,
  ...requested(name),
  ...messageIn(env),
  ...started(watchNamed(loadPipelines(), name)),
});

/** One sentence for each pipeline that .env does not configure, with the variable that is missing. */
export function leftOutLocally(name: string, env: Env): readonly string[] {
  const given = new Set([name, ...requestedBeside(name).map((pipeline) => pipeline.name)]);
  const others = [...loadPipelines().values()].filter((pipeline) => !given.has(pipeline.name));
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
  watchesOf(loadPipelines().values()).flatMap(({ name, trigger: { source } }) => {
    const folderId = source.kind === 'drive-folder' ? (config[stackKeyOf(name, source.folderId)] ?? '') : '';
    // What is no id is refused with all else that is wrong with the configuration.
    const isOther = name !== started && isDriveId(folderId) && folderId !== placeOf(started);
    return isOther ? [{ pipeline: name, folderId, folder: join(data, 'folders', folderId) }] : [];
  });

const settings = (pipeline: Pipeline): readonly Setting[] => [
  ...triggerSettings(pipeline),
  ...(pipeline.job.settings ?? []),
  ...secretSettings(pipeline.job),
  ...(pipeline.services === undefined ? [] : [CALLERS]),
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

/** On this machine the owner requests and approves runs, and accounts of this domain request them. */
const LOCAL_CALLERS = `${OPERATOR}, domain:example.com`;

/** The pipelines whose runs are requested, and that need no other input than that of the started one. */
export const requestedBeside = (started: string): readonly RequestsPipeline[] =>
  requestsOf(loadPipelines().values()).filter(({ trigger: { inputOf = started } }) => inputOf === started);

const requested = (started: string): Record<string, string> =>
  Object.fromEntries(
    requestedBeside(started).flatMap((pipeline) => [
      [stackKeyOf(pipeline.name, REQUEST_CALLERS), LOCAL_CALLERS],
      [stackKeyOf(pipeline.name, REQUEST_APPROVERS), OPERATOR],
      ...fallbackOf(pipeline),
    ]),
  );

/** A laptop without XGBoost still runs the whole mesh; a deployed job fails without it. */
const fallbackOf = ({ name, job: { settings = [] } }: Pipeline): readonly (readonly [string, string])[] =>
  settings
    .filter(({ variable }) => variable === 'ENGINE_FALLBACK')
    .map((setting) => [stackKeyOf(name, setting), 'seasonal']);

function started(pipeline: WatchPipeline): Record<string, string> {
  const { name, trigger } = pipeline;
  const { source } = trigger;
  const key = (setting: Setting) => stackKeyOf(name, setting);
  return {
    [key(source.kind === 'bucket' ? source.bucket : source.folderId)]: placeOf(name),
    [key(source.settleSeconds)]: String(SETTLE_SECONDS),
    ...Object.fromEntries(fallbackOf(pipeline)),
  };
}
