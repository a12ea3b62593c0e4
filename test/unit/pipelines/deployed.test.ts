// Which pipelines a deployment has, and the buckets that they may not watch.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { carmila } from '../../../pipelines/carmila.ts';
import { deployedOf, deployedVariable, listOf } from '../../../shared/pipelines/deployed.ts';
import { wrongPlaces } from '../../../shared/pipelines/overlaps.ts';
import { gatherPipelines, pipelineNamed } from '../../../shared/pipelines/registry.ts';
import { fromEnv } from '../../../shared/pipelines/setting.ts';
import { bucket, oneOf } from '../../../shared/pipelines/source.ts';
import { tablesOf } from '../../../shared/pipelines/outputs.ts';
import type { Pipeline } from '../../../shared/pipelines/pipeline.ts';

const named = (name: string, setting = 'PLACE'): Pipeline => ({
  ...carmila,
  name,
  trigger: {
    ...carmila.trigger,
    source: bucket({
      bucket: fromEnv(setting),
      prefix: '',
      files: { x: oneOf('x') },
      settleSeconds: fromEnv('SETTLE', '0'),
    }),
  },
  outputs: tablesOf(carmila).map((output, index) => ({
    ...output,
    table: { dataset: name.replaceAll('-', '_'), table: `t${index}` },
  })),
});
const [bikes, trams] = [named('bikes'), named('trams')];
const all = gatherPipelines([bikes, trams]);

test('a function works with the pipelines that its environment lists, and refuses a list that names others', () => {
  const env = { PIPELINES: listOf([trams]) };
  assert.deepEqual([...deployedOf(all, env).keys()], ['trams']);
  assert.deepEqual([...deployedOf(all, { PIPELINES: listOf([bikes, trams]) }).keys()], ['bikes', 'trams']);
  assert.deepEqual([...deployedOf(all, {}).keys()], []);
  const accepts = (list: string | undefined) =>
    z.object(deployedVariable(all)).safeParse({ PIPELINES: list }).success;
  assert.deepEqual(['trams', 'bikes,trams', '', 'boats', 'bikes,boats', undefined].map(accepts), [
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
});

test('a pipeline that is left out is refused by name, with the setting that is missing', () => {
  assert.throws(
    () => pipelineNamed(all, 'carmila'),
    /the pipeline "carmila" is left out of this deployment: .* lacks carmila:driveFolderId; set it/,
  );
});

test('two settings that would be one variable are refused', () => {
  assert.throws(
    () => gatherPipelines([named('a-b', 'C'), named('a', 'B_C')]),
    /two settings are the variable A_B_C/,
  );
});

test('a place in a bucket that holds another, or that the mesh writes to, is refused', () => {
  const at = (pipeline: string, name: string, prefix: string) => ({ pipeline, bucket: name, prefix });
  const apart = [at('a', 'data', 'x/'), at('b', 'data', 'xy/'), at('c', 'more', 'x/'), at('d', 'data', 'y/')];
  assert.deepEqual(wrongPlaces(apart, 'p'), []);
  for (const prefix of ['x/', 'x/deeper/', '']) {
    const found = wrongPlaces([at('a', 'data', 'x/'), at('b', 'data', prefix)], 'p');
    assert.match(
      found.join('; '),
      /the pipelines a and b watch gs:\/\/data\/x\/ and gs:\/\/data\/.* overlap/,
    );
  }
  for (const own of ['runs', 'results', 'training-cache', 'exports', 'audit', 'source'])
    assert.match(
      wrongPlaces([at('a', `p-sluice-${own}`, 'maps/')], 'p').join('; '),
      /the pipeline a watches gs:\/\/p-sluice-.*, a bucket that the mesh writes to/,
    );
});
