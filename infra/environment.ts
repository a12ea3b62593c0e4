// The environment variables of a function: those that its rights imply, and those that it declares.
import type { Input, Output } from '@pulumi/pulumi';
import { watchesSources, type FunctionDeclaration } from '../shared/functions/declaration.ts';
import type { Right } from '../shared/functions/rights.ts';
import { DEPLOYED, listOf } from '../shared/pipelines/deployed.ts';
import type { ValueFrom } from '../shared/functions/variables.ts';
import type { Identities } from './identities.ts';
import type { Topics } from './messaging.ts';
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

export function environmentOf(declaration: FunctionDeclaration, named: Named): Environment {
  const { settings } = named;
  const byRight = declaration.rights.flatMap((right) => {
    const value = valueOfRight(right, named);
    return value === undefined ? [] : Object.keys(right.variables).map((name) => [name, value] as const);
  });
  const own = Object.entries(declaration.variables).map(
    ([name, { from }]) => [name, valueOf(name, from, named)] as const,
  );
  return {
    GOOGLE_CLOUD_PROJECT: settings.project,
    [DEPLOYED]: listOf(settings.pipelines),
    ...Object.fromEntries(byRight),
    ...(watchesSources(declaration) ? Object.assign({}, ...settings.pipelines.map(settingVariables)) : {}),
    ...Object.fromEntries(own),
  };
}

/** Undefined for a right that implies no variable. */
function valueOfRight(right: Right, named: Named): Input<string> | undefined {
  switch (right.kind) {
    case 'adds':
    case 'reads':
    case 'moves-state':
      return named.buckets[right.bucket].name;
    case 'publishes':
      return named.topics(right.topic).name;
    case 'calls':
      return named.addressOf(right.function);
    case 'starts':
    case 'operates':
      return named.settings.jobRegion;
    case 'publishes-tables':
      return named.settings.location;
    case 'publishes-objects':
      return named.buckets.exports.name;
    case 'redrives-dead-letters':
    case 'watches-sources':
    case 'reads-sources':
      return undefined;
  }
}

function valueOf(variable: string, from: ValueFrom, { settings, identities }: Named): Input<string> {
  switch (from.kind) {
    case 'account':
      return identities.of(from.function).email;
    case 'setting':
      return settings.functionSetting(variable);
  }
}
