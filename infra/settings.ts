// What differs from one stack to the next: Pulumi's stack configuration, read in one place.
import { Config } from '@pulumi/pulumi';
import type { Pipeline } from '../shared/pipelines/pipeline.ts';
import { variableOf, type Setting } from '../shared/pipelines/setting.ts';

export interface Settings {
  readonly project: string;
  readonly region: string;
  /** Of buckets and datasets. */
  readonly location: string;
  readonly overdueSeconds: string;
  /** The shortest wait before a failed delivery is tried again. */
  readonly minimumBackoff: string;
  /** Who may give orders: members such as `user:ada@example.org` or `group:…`. */
  readonly operators: readonly string[];
  readonly pipelines: readonly Pipeline[];
}

export function readSettings(pipelines: readonly Pipeline[]): Settings {
  const gcp = new Config('gcp');
  const sluice = new Config('sluice');
  return {
    project: gcp.require('project'),
    region: gcp.get('region') ?? 'europe-west1',
    location: sluice.get('location') ?? 'EU',
    overdueSeconds: sluice.get('overdueSeconds') ?? '120',
    minimumBackoff: sluice.get('minimumBackoff') ?? '10s',
    operators: (sluice.get('operators') ?? '').split(/[\s,]+/).filter((member) => member !== ''),
    pipelines,
  };
}

/** The environment variables that carry a pipeline's settings; `carmila:driveFolderId` in the stack's file. */
export function settingVariables(pipeline: Pipeline): Record<string, string> {
  const config = new Config(pipeline.name);
  const settings: Setting[] = [pipeline.source.folderId, pipeline.source.settleSeconds];
  const variables = settings.map((setting): [string, string | undefined] => {
    const key = camelCase(setting.variable);
    const value = setting.fallback === undefined ? config.require(key) : config.get(key);
    return [variableOf(pipeline.name, setting), value];
  });
  return Object.fromEntries(variables.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** What the stack says to the pipeline's job; `carmila:engineFallback` arrives as `ENGINE_FALLBACK`. */
export function jobSettings({ name, job }: Pipeline): Record<string, string> {
  const config = new Config(name);
  const said = (job.settings ?? []).map(({ variable, fallback }): [string, string] => [
    variable,
    config.get(camelCase(variable)) ?? fallback ?? '',
  ]);
  return Object.fromEntries(said.filter(([, value]) => value !== ''));
}

const camelCase = (variable: string): string =>
  variable.toLowerCase().replace(/_([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());
