// Where the stack lets the job run: the job, its image, its grants and the events of its executions follow, and nothing else does.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { loadFunctions } from '../../shared/functions/registry.ts';
import { carmila } from '../../pipelines/carmila.ts';
import { deployedFunctions } from '../../shared/functions/services.ts';
import { planResources, type PlannedResource } from '../../infra/plan.ts';

const [REGION, JOB_REGION, LOCATION] = ['europe-west1', 'europe-west9', 'europe-west4'];
const DIGEST = `sha256:${'ab'.repeat(32)}`;

const planFor = (config: Readonly<Record<string, string>>) =>
  planResources({
    config: {
      'gcp:project': 'contract',
      'gcp:region': REGION,
      'sluice:location': LOCATION,
      'carmila:driveFolderId': 'folder',
      'image:forecast': DIGEST,
      ...config,
    },
    functionUrl: (name) => `https://${name}.example`,
  });

let plan: readonly PlannedResource[];
before(async () => {
  plan = await planFor({ 'sluice:jobRegion': JOB_REGION });
});

const inputsIn = (resources: readonly PlannedResource[], type: string) =>
  resources.filter((resource) => resource.type === `gcp:${type}`).map(({ inputs }) => inputs);
const inputsOf = (type: string) => inputsIn(plan, type);
const locationsOf = (type: string) => [
  ...new Set(inputsOf(type).map(({ location, region }) => location ?? region)),
];

describe('with a region of its own', () => {
  test('the job runs there, from an image that is there, and is granted on there', () => {
    assert.deepEqual(locationsOf('cloudrunv2/job:Job'), [JOB_REGION]);
    assert.deepEqual(locationsOf('cloudrunv2/jobIamMember:JobIamMember'), [JOB_REGION]);
    const [job] = inputsOf('cloudrunv2/job:Job');
    const image = `${JOB_REGION}-docker.pkg.dev/contract/sluice/forecast@${DIGEST}`;
    assert.ok(JSON.stringify(job).includes(`"${image}"`));
    assert.deepEqual(locationsOf('artifactregistry/repository:Repository'), [REGION, JOB_REGION]);
  });

  test('functions, their images and schedules stay, and so does what is kept', () => {
    assert.deepEqual(locationsOf('cloudfunctionsv2/function:Function'), [REGION]);
    assert.deepEqual(locationsOf('artifactregistry/repositoryIamMember:RepositoryIamMember'), [REGION]);
    assert.deepEqual(locationsOf('cloudscheduler/job:Job'), [REGION]);
    for (const { buildConfig } of inputsOf('cloudfunctionsv2/function:Function')) {
      const { dockerRepository } = buildConfig as { dockerRepository: string };
      assert.equal(dockerRepository, `projects/contract/locations/${REGION}/repositories/sluice`);
    }
    // A load wants the results where the tables are, so the bucket of the job's output does not follow the job.
    assert.deepEqual(locationsOf('storage/bucket:Bucket'), [LOCATION]);
    assert.deepEqual(locationsOf('bigquery/dataset:Dataset'), [LOCATION]);
  });

  test('each function that works with executions gets the region, and no other does', () => {
    const reported = inputsOf('cloudfunctionsv2/function:Function').map(({ name, serviceConfig }) => {
      const { environmentVariables } = serviceConfig as { environmentVariables: Record<string, string> };
      return `${String(name)} ${environmentVariables.JOB_REGION}`;
    });
    const deployed = deployedFunctions(loadFunctions(), [carmila]).values();
    const functions = [...deployed].filter(({ runsAs }) => runsAs === 'function');
    const declared = functions.map(({ name, rights }) => {
      const works = rights.some(({ kind }) => kind === 'starts' || kind === 'operates');
      return `${name} ${works ? JOB_REGION : undefined}`;
    });
    assert.deepEqual(reported.toSorted(), declared.toSorted());
    assert.ok(reported.includes(`start-run ${JOB_REGION}`) && reported.includes('publish-output undefined'));
  });

  test('the sink passes on what ends in that region', () => {
    const [sink] = inputsOf('logging/projectSink:ProjectSink');
    assert.match(String(sink?.filter), new RegExp(` AND resource\\.labels\\.location="${JOB_REGION}" AND `));
  });
});

test('without one, the job runs where the functions do, and one registry keeps all images', async () => {
  const same = await planFor({});
  const listed = (resources: readonly PlannedResource[]) =>
    resources
      .map(({ type, name, inputs }) => `${type} ${name} ${JSON.stringify(inputs.location)}`)
      .toSorted();
  assert.deepEqual(listed(await planFor({ 'sluice:jobRegion': REGION })), listed(same));
  const [job] = inputsIn(same, 'cloudrunv2/job:Job');
  assert.equal(job?.location, REGION);
  assert.equal(inputsIn(same, 'artifactregistry/repository:Repository').length, 1);
});

test('a region that Google does not have is refused', async () => {
  await assert.rejects(
    planFor({ 'sluice:jobRegion': 'europe-west99' }),
    /sluice:jobRegion: found "europe-west99"/,
  );
});
