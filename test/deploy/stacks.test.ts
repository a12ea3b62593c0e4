// The stacks, and the guide to them, name only settings that the program reads.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parse } from 'yaml';
import { loadFunctions } from '../../shared/functions/registry.ts';
import { CALLERS } from '../../shared/pipelines/services.ts';
import { camelCase, stackKeyOf } from '../../shared/pipelines/setting.ts';
import { secretSettings } from '../../shared/pipelines/job.ts';
import { triggerSettings } from '../../shared/pipelines/source-settings.ts';
import { loadPipelines } from '../../shared/pipelines/registry.ts';
import { GUIDE, read, STACKS } from './shipping.ts';

const guide = read(GUIDE);

/** Every key that the program reads: those that `infra/settings.ts` names, and what pipelines and functions let a stack say. */
function knownKeys(): readonly string[] {
  const fixed = [...read('infra/settings.ts').matchAll(/'((?:gcp|sluice):\w+)':/g)].map(
    ([, key = '']) => key,
  );
  const ofPipelines = [...loadPipelines().values()].flatMap((pipeline) => [
    `image:${pipeline.job.image}`,
    ...[...triggerSettings(pipeline), ...(pipeline.job.settings ?? []), ...secretSettings(pipeline.job)].map(
      (setting) => stackKeyOf(pipeline.name, setting),
    ),
    ...(pipeline.services === undefined ? [] : [stackKeyOf(pipeline.name, CALLERS)]),
  ]);
  const ofFunctions = [...loadFunctions().values()].flatMap(({ variables }) =>
    Object.entries(variables).flatMap(([name, { from }]) =>
      from.kind === 'setting' ? [`sluice:${camelCase(name)}`] : [],
    ),
  );
  return [...fixed, ...ofPipelines, ...ofFunctions];
}

describe('the stacks', () => {
  const known = knownKeys();

  test('know keys at all', () => {
    for (const key of [
      'gcp:project',
      'gcp:region',
      'sluice:location',
      'carmila:driveFolderId',
      'image:forecast',
    ])
      assert.ok(known.includes(key), `${key} is not among ${known.join(', ')}`);
  });

  for (const stack of STACKS) {
    test(`${stack} says only what the program reads`, () => {
      const { config } = parse(read(stack)) as { config: Record<string, unknown> };
      assert.deepEqual(
        Object.keys(config).filter((key) => !known.includes(key)),
        [],
      );
    });
  }

  test('the guide speaks only of keys that the program reads, and of all that are no setting of a pipeline', () => {
    const spaces = new Set(known.map((key) => key.split(':')[0] ?? ''));
    const spoken = [...guide.matchAll(/\b(([a-z][a-z0-9-]*):[a-z]\w*)\b(?!\/)/g)].flatMap(
      ([, key = '', space = '']) => (spaces.has(space) ? [key] : []),
    );
    for (const key of known.filter((name) => /^(gcp|sluice):/.test(name)))
      assert.ok(spoken.includes(key), `the guide does not mention ${key}`);
    assert.deepEqual(
      spoken.filter((key) => !known.includes(key)),
      [],
    );
  });
});
