// The environment variables of a function: those that its rights imply, and those that it declares.
import type { Input, Output } from '@pulumi/pulumi';
import { requestsBucketOf } from '../shared/deployment.ts';
import { knowsRequesters, watchesSources } from '../shared/functions/declaration.ts';
import type { FollowsModelRight, Right } from '../shared/functions/rights.ts';
import type { DeployedFunction } from '../shared/functions/services.ts';
import { DEPLOYED, listOf } from '../shared/pipelines/deployed.ts';
import { requestsOf, watchesOf, type Pipeline } from '../shared/pipelines/pipeline.ts';
import { NONE, type ValueFrom } from '../shared/functions/variables.ts';
import { audienceOf, consoleOf } from './audience.ts';
import type { Identities } from './identities.ts';
import { topicsIn, type Topics } from './messaging.ts';
import { settingVariables, type Settings } from './settings.ts';
import type { Buckets } from './storage.ts';

/** The resources that variables can name. */
export interface Named {
  readonly settings: Settings;
  readonly identities: Identities;
  readonly buckets: Buckets;
  readonly topics: Topics;
  /** The address of a function that was created before. */
  readonly addressOf: (name: string) => Output<string>;
}

export type Environment = Readonly<Record<string, Input<string>>>;

export function environmentOf(declaration: DeployedFunction, named: Named): Environment {
  const { settings } = named;
  const byRight = declaration.rights.map((right) => variablesOfRight(right, declaration, named));
  const own = Object.entries(declaration.variables).map(
    ([name, { from }]) => [name, valueOf(name, from, named)] as const,
  );
  return {
    GOOGLE_CLOUD_PROJECT: settings.project,
    [DEPLOYED]: listOf(settings.pipelines),
    ...Object.assign({}, ...byRight),
    ...settingsFor(watchesSources(declaration) ? watchesOf(settings.pipelines) : []),
    ...settingsFor(knowsRequesters(declaration) ? requestsOf(settings.pipelines) : []),
    ...Object.fromEntries(own),
  };
}

const settingsFor = (pipelines: readonly Pipeline[]): Environment =>
  Object.assign({}, ...pipelines.map(settingVariables)) as Environment;

function variablesOfRight(right: Right, { serves }: DeployedFunction, named: Named): Environment {
  if (right.kind === 'follows-model') {
    if (serves === undefined) return {};
    const { pipeline: PIPELINE, service: SERVICE, model: MODEL } = serves;
    return { PIPELINE, SERVICE, MODEL, EXPORTS_BUCKET: named.buckets.exports.name };
  }
  const value = valueOfRight(right, named);
  if (value === undefined) return {};
  return Object.fromEntries(Object.keys(right.variables).map((name) => [name, value]));
}

/** Undefined for a right that implies no variable. */
function valueOfRight(right: Exclude<Right, FollowsModelRight>, named: Named): Input<string> | undefined {
  switch (right.kind) {
    case 'adds':
    case 'reads':
    case 'moves-state':
    case 'changes':
    case 'erases':
      // Named in a stack without it too: a function that needs it for some pipelines is configured alike in both.
      return named.buckets[right.bucket]?.name ?? requestsBucketOf(named.settings.project);
    case 'publishes':
      return topicsIn(named.settings).includes(right.topic) ? named.topics(right.topic).name : right.topic;
    case 'calls':
      return named.addressOf(right.function);
    case 'starts':
    case 'operates':
      return named.settings.jobRegion;
    case 'publishes-tables':
    case 'reads-ledger':
      return named.settings.location;
    case 'publishes-objects':
      return named.buckets.exports.name;
    case 'redrives-dead-letters':
    case 'watches-sources':
    case 'reads-sources':
    case 'verifies-tokens':
    case 'reads-logs':
    case 'reads-traces':
    case 'signs-links':
      return undefined;
  }
}

function valueOf(variable: string, from: ValueFrom, named: Named): Input<string> {
  const { settings, identities } = named;
  switch (from.kind) {
    case 'account':
      return identities.of(from.function).email;
    case 'setting':
      return settings.functionSetting(variable);
    case 'people':
      return valueOfConsole(from.value, named);
  }
}

function valueOfConsole(
  value: Extract<ValueFrom, { kind: 'people' }>['value'],
  { settings, identities }: Named,
): Input<string> {
  const name = consoleOf(settings);
  if (name === undefined) return NONE;
  switch (value) {
    case 'account':
      return identities.of(name).email;
    case 'audience':
      return audienceOf(settings, name);
    case 'readers':
      return settings.consoleReaders.join(',') || NONE;
    case 'operators':
      return settings.consoleOperators.map((member) => member.replace(/^user:/, '')).join(',') || NONE;
  }
}
