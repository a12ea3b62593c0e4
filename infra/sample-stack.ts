// A stack that configures every pipeline, with placeholders for places and people: what the program would deploy of it is what a console shows.
import { secretSettings } from '../shared/pipelines/job.ts';
import type { Pipeline } from '../shared/pipelines/pipeline.ts';
import { stackKeyOf, type Setting } from '../shared/pipelines/setting.ts';
import { neededByTrigger } from '../shared/pipelines/source-settings.ts';
import { CALLERS } from '../shared/pipelines/services.ts';
import type { People } from './grant-rows.ts';

export const SAMPLE_PROJECT = 'sample-project';
const OPERATOR = 'user:operator@example.org';
const READER = 'group:readers@example.org';
const CALLER = 'user:caller@example.org';
const CONSOLE_READER = 'group:console@example.org';

export const SAMPLE_PEOPLE: People = { operators: [OPERATOR], readers: [READER], serviceCallers: [CALLER] };

/** Of a pipeline's own bucket or folder. */
export const samplePlace = (pipeline: string): string => `source-of-${pipeline}`;

export const sampleStack = (pipelines: readonly Pipeline[]): Record<string, string> => ({
  'gcp:project': SAMPLE_PROJECT,
  'gcp:region': 'europe-west1',
  'sluice:operators': OPERATOR,
  'sluice:readers': READER,
  'sluice:consoleReaders': CONSOLE_READER,
  'sluice:consoleOperators': OPERATOR,
  ...Object.assign({}, ...pipelines.map(settingsOf)),
});

function settingsOf(pipeline: Pipeline): Record<string, string> {
  const isRequested = pipeline.trigger.kind === 'requests';
  const key = (setting: Setting) => stackKeyOf(pipeline.name, setting);
  const needed = neededByTrigger(pipeline).map((setting) => [
    key(setting),
    isRequested ? 'caller@example.org' : samplePlace(pipeline.name),
  ]);
  const secrets = secretSettings(pipeline.job).map((setting) => [key(setting), `secret-of-${pipeline.name}`]);
  const callers = pipeline.services === undefined ? [] : [[key(CALLERS), CALLER]];
  return Object.fromEntries([...needed, ...secrets, ...callers]) as Record<string, string>;
}
