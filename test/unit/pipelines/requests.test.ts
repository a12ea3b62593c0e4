// Pipelines whose runs are requested: what their definition must say, and which deployment has them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { hours, minutes } from '../../../shared/pipelines/duration.ts';
import { files, result, resultOf, type Output } from '../../../shared/pipelines/outputs.ts';
import {
  definePipeline,
  requestsOf,
  watchesOf,
  type RequestsPipeline,
} from '../../../shared/pipelines/pipeline.ts';
import { gatherPipelines, pipelineNamed, watchNamed } from '../../../shared/pipelines/registry.ts';
import { requesterVariables, requestersOf } from '../../../shared/pipelines/requesters.ts';
import { requests, type Requests } from '../../../shared/pipelines/requests.ts';
import { fromEnv } from '../../../shared/pipelines/setting.ts';
import { configured } from '../../../shared/pipelines/source-settings.ts';
import { pipeline as sales } from '../../ports/sales.ts';

const trigger = requests({
  parameters: z.strictObject({ seconds: z.number().min(0).max(60) }),
  presets: { quick: { description: 'One second', parameters: { seconds: 1 } } },
  units: ({ seconds }) => Number(seconds),
  concurrency: 2,
  approval: 'none',
  expiresAfter: hours(24),
  waitingPerOwner: 10,
  spending: { perOwner: 1, inAll: 10 },
});
const answer = result({ file: 'answer.json', schema: z.strictObject({ slept: z.number() }) });
const base: RequestsPipeline = {
  name: 'sleeps',
  trigger,
  job: { image: 'sleep', cpu: 1, memory: '512Mi', timeout: minutes(5), attempts: 2 },
  outputs: [answer],
};
const refused = (change: Partial<RequestsPipeline>, why: RegExp) =>
  assert.throws(() => definePipeline({ ...base, ...change }), why);
const asking = (change: Partial<Requests>, why: RegExp) =>
  refused({ trigger: { ...trigger, ...change } }, why);

test('a pipeline with the trigger requests and a result is accepted, and is no watch', () => {
  const pipeline = definePipeline(base);
  assert.equal(resultOf(pipeline), answer);
  assert.deepEqual(requestsOf([sales, pipeline]), [pipeline]);
  assert.deepEqual(watchesOf([sales, pipeline]), [sales]);
});

test('a result is the only output of a pipeline with requests, and of no other', () => {
  const maps = files({ name: 'maps', pattern: /tif$/, checks: [] });
  refused({ outputs: [maps] }, /the outputs are files: .*one output, of the kind result/);
  refused({ outputs: [answer, maps] }, /the outputs are result, files/);
  refused({ outputs: [] }, /the outputs are none/);
  const outputs: readonly Output[] = [...sales.outputs, answer];
  assert.throws(() => definePipeline({ ...sales, outputs }), /only a pipeline with the trigger requests/);
  for (const file of ['answer.csv', '../answer.json', 'output.json'])
    refused({ outputs: [{ ...answer, file }] }, /the result's file/);
  refused({ outputs: [{ ...answer, attachments: /csv$/g }] }, /the attachments .*without the flags/);
});

test('numbers that bound a queue are within their limits', () => {
  for (const concurrency of [0, 1.5, 101, Number.NaN]) asking({ concurrency }, /concurrency .*from 1 to 100/);
  for (const waitingPerOwner of [0, 10_001]) asking({ waitingPerOwner }, /waitingPerOwner/);
  for (const expiresAfter of [0, hours(24 * 32), Number.NaN]) asking({ expiresAfter }, /expiresAfter/);
  for (const [perOwner, inAll] of [
    [0, 1],
    [2, 1],
    [1, Infinity],
  ] as const)
    asking({ spending: { perOwner, inAll } }, /spending of/);
});

test('a preset that the schema or its own bounds refuse is refused', () => {
  const preset = (parameters: object, bounds?: z.ZodType) => ({
    quick: { description: 'x', parameters: parameters as Record<string, unknown>, ...(bounds && { bounds }) },
  });
  asking({ presets: preset({ seconds: 61 }) }, /preset "quick": seconds: /);
  asking({ presets: preset({ seconds: 1, sites: 2 }) }, /preset "quick": .*"sites"/);
  asking({ presets: preset({ seconds: 5 }, z.object({ seconds: z.number().max(2) })) }, /seconds/);
  asking({ presets: { 'A b': { description: '', parameters: { seconds: 1 } } } }, /"A b" has no description/);
  asking({ units: () => Number.NaN }, /has the size NaN/);
});

test('parameters are a strict object', () => {
  const loose = z.object({ seconds: z.number() }) as unknown as Requests['parameters'];
  asking({ parameters: loose }, /strict object/);
  asking({ parameters: z.record(z.string(), z.number()) }, /strict object/);
});

test('what only a watch has is refused, and so are services', () => {
  asking({ rerunEvery: hours(24) } as Partial<Requests>, /rerunEvery: only a watch has it/);
  refused({ services: [] }, /services: a pipeline with the trigger requests has none/);
});

test('the input of a pipeline that is not there, or freezes none, is refused', () => {
  const using = (inputOf: string) => ({ ...base, name: 'uses', trigger: { ...trigger, inputOf } });
  assert.throws(() => gatherPipelines([using('nowhere')]), /uses the input of "nowhere"/);
  assert.throws(() => gatherPipelines([using('sleeps'), base]), /uses the input of "sleeps"/);
  assert.equal(gatherPipelines([using(sales.name), sales]).size, 2);
});

test('a deployment has the pipeline once it names callers, and without the pipeline whose input it uses not at all', () => {
  const using: RequestsPipeline = { ...base, name: 'uses', trigger: { ...trigger, inputOf: 'shop' } };
  const source = { ...sales.trigger.source, folderId: fromEnv('FOLDER') };
  const shop = { ...sales, name: 'shop', trigger: { ...sales.trigger, source } };
  const deployed = (values: Record<string, string>) =>
    configured([shop, base, using], (name) => values[name]);
  const none = deployed({ SHOP_FOLDER: 'x' });
  assert.deepEqual(none.pipelines, [shop]);
  assert.match(none.leftOut.join('\n'), /sleeps is left out: SLEEPS_CALLERS is not set/);
  const without = deployed({ SLEEPS_CALLERS: 'domain:x.com', USES_CALLERS: 'domain:x.com' });
  assert.deepEqual(without.pipelines, [base]);
  assert.match(without.leftOut.join('\n'), /uses is left out: it uses the input of shop, which is left out/);
});

test('a call that only a watch understands names the pipeline', () => {
  const all = gatherPipelines([sales, base]);
  assert.equal(pipelineNamed(all, 'sleeps').name, 'sleeps');
  assert.throws(() => watchNamed(all, 'sleeps'), /"sleeps" watches no source/);
});

test('callers and approvers are addresses, domains and tenants; anything else is refused by name', () => {
  const shape = z.object(requesterVariables([base]));
  const config = shape.parse({ SLEEPS_CALLERS: 'Ada@Example.org, domain:example.com tenant:Acme-1' });
  assert.deepEqual(requestersOf(base, config), {
    callers: [
      { kind: 'address', address: 'ada@example.org' },
      { kind: 'domain', domain: 'example.com' },
      { kind: 'tenant', tenant: 'Acme-1' },
    ],
    approvers: [],
  });
  for (const wrong of ['ada', 'user:ada@example.org', 'domain:', 'domain:com', 'allUsers', 'tenant:a b!'])
    assert.equal(shape.safeParse({ SLEEPS_CALLERS: wrong }).success, false, wrong);
});
