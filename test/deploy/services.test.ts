// A service in the form of a Cloud Run service, and one whose source is none: what the program makes of them.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { planResources, type PlannedResource } from '../../infra/plan.ts';
import { carmila } from '../../pipelines/carmila.ts';
import { gatherFunctions, loadFunctions } from '../../shared/functions/registry.ts';
import { defineService } from '../../shared/functions/services.ts';
import { WAITING } from '../../shared/functions/size.ts';
import { model } from '../../shared/pipelines/outputs.ts';
import { definePipeline } from '../../shared/pipelines/pipeline.ts';
import type { ServiceSpec } from '../../shared/pipelines/services.ts';

const outputs = [model({ name: 'best', pattern: /ubj$/, metric: 'wape', better: 'lower' })];
const answer = defineService({ name: 'answer', purpose: 'Tests', size: WAITING, runsAs: 'service' });

const { trigger, job } = carmila;

const planWith = (service: ServiceSpec): Promise<readonly PlannedResource[]> =>
  planResources({
    config: { 'gcp:project': 'contract', 'bikes:driveFolderId': 'folder' },
    functionUrl: (name) => `https://${name}.example`,
    functions: gatherFunctions([...loadFunctions().values(), answer]),
    pipelines: [definePipeline({ name: 'bikes', trigger, job, outputs, services: [service] })],
  });

describe('a service of a pipeline', () => {
  test('that runs as a Cloud Run service is one of its own name, which starts the function of its source', async () => {
    const plan = await planWith({ name: 'reg', source: 'answer', follows: 'best' });
    const services = plan.filter(({ type }) => type === 'gcp:cloudrunv2/service:Service');
    assert.deepEqual(
      services.map(({ name }) => name),
      ['bikes-reg'],
    );
    assert.ok(services[0]);
    const { serviceAccount, containers } = services[0].inputs.template as {
      serviceAccount: string;
      containers: readonly { envs: readonly { name: string; value: string }[] }[];
    };
    assert.match(serviceAccount, /^sluice-bikes-reg@/);
    const variables = containers.flatMap(({ envs }) => envs.map(({ name, value }) => [name, value]));
    assert.deepEqual(Object.fromEntries(variables), {
      GOOGLE_CLOUD_PROJECT: 'contract',
      PIPELINES: 'bikes',
      PIPELINE: 'bikes',
      SERVICE: 'reg',
      MODEL: 'best',
      EXPORTS_BUCKET: 'contract-sluice-exports',
      FUNCTION_TARGET: 'answer',
    });
  });

  test('whose source is no folder of functions/ is refused before anything is planned', async () => {
    await assert.rejects(
      planWith({ name: 'reg', source: 'nowhere', follows: 'best' }),
      /the service bikes-reg has the source "nowhere", which no folder of functions\/ declares/,
    );
  });
});
