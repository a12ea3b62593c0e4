// Each pipeline's Cloud Run Job, with an identity that can only read its input and add its output.
import * as gcp from '@pulumi/gcp';
import { interpolate } from '@pulumi/pulumi';
import { objectOutputsOf } from '../shared/pipelines/outputs.ts';
import { isRequests, jobNameOf, type Pipeline } from '../shared/pipelines/pipeline.ts';
import type { Secret } from '../shared/pipelines/setting.ts';
import { CONTENT_FOLDER } from '../shared/requests/names.ts';
import { imageOf } from './images.ts';
import { identity, type Identity } from './identities.ts';
import type { Roles } from './roles.ts';
import { jobSecrets, jobSettings, type Settings } from './settings.ts';
import { letTrace } from './tracing.ts';
import { grantOnBucket, type Buckets } from './storage.ts';

/** By name. */
export const createJobs = (
  settings: Settings,
  roles: Roles,
  buckets: Buckets,
  registry: gcp.artifactregistry.Repository,
): ReadonlyMap<string, gcp.cloudrunv2.Job> =>
  new Map(
    settings.pipelines.map((pipeline) => [
      jobNameOf(pipeline),
      createJob(settings, pipeline, roles, buckets, registry),
    ]),
  );

function createJob(
  settings: Settings,
  pipeline: Pipeline,
  roles: Roles,
  buckets: Buckets,
  registry: gcp.artifactregistry.Repository,
): gcp.cloudrunv2.Job {
  const name = jobNameOf(pipeline);
  const runner = identity(`${pipeline.name}-job`, `Runs the job of the pipeline ${pipeline.name}`);
  grantOnBucket(`${name}-reads-runs`, buckets.runs, 'roles/storage.objectViewer', runner);
  grantOnBucket(`${name}-adds-results`, buckets.results, roles.objectAdder.name, runner);
  grantOnBucket(`${name}-adds-training-cache`, buckets.trainingCache, roles.objectAdder.name, runner);

  const publishesModel = objectOutputsOf(pipeline).some(({ kind }) => kind === 'model');
  if (publishesModel)
    grantOnBucket(`${name}-reads-exports`, buckets.exports, 'roles/storage.objectViewer', runner);

  const { requests } = isRequests(pipeline) ? buckets : {};
  if (requests !== undefined) letReadContent(name, pipeline, requests, runner);

  letTrace(settings, `${pipeline.name}-job`, runner);

  const environment = {
    GOOGLE_CLOUD_PROJECT: settings.project,
    RUNS_BUCKET: buckets.runs.name,
    RESULTS_BUCKET: buckets.results.name,
    TRAINING_CACHE_BUCKET: buckets.trainingCache.name,
    ...(publishesModel ? { EXPORTS_BUCKET: buckets.exports.name } : {}),
    ...(requests === undefined ? {} : { REQUESTS_BUCKET: requests.name }),
    ...pipeline.job.env,
    ...jobSettings(pipeline),
  };
  const secrets = jobSecrets(pipeline);
  const readable = allowReading(settings, name, Object.values(secrets), runner);
  return new gcp.cloudrunv2.Job(
    name,
    {
      name,
      location: settings.jobRegion,
      // It holds no data: when its pipeline is removed, the job is deleted.
      deletionProtection: false,
      template: {
        template: {
          serviceAccount: runner.email,
          // The mesh counts attempts itself, each with a folder of its own.
          maxRetries: 0,
          timeout: `${pipeline.job.timeout / 1000}s`,
          containers: [
            {
              image: imageOf(settings, pipeline.job.image),
              resources: { limits: { cpu: String(pipeline.job.cpu), memory: pipeline.job.memory } },
              envs: [
                ...Object.entries(environment).map(([key, value]) => ({ name: key, value })),
                ...Object.entries(secrets).map(([key, reference]) => ({
                  name: key,
                  valueSource: { secretKeyRef: reference },
                })),
              ],
            },
          ],
        },
      },
    },
    // Cloud Run refuses a job that may not read its secrets, or has no image.
    { dependsOn: [...readable, registry] },
  );
}

/** The parameters of the pipeline's own runs. */
const letReadContent = (
  job: string,
  { name }: Pipeline,
  requests: gcp.storage.Bucket,
  runner: Identity,
): gcp.storage.BucketIAMMember =>
  grantOnBucket(`${job}-reads-content`, requests, 'roles/storage.objectViewer', runner, {
    title: `requests of ${name}`,
    expression: interpolate`resource.name.startsWith("projects/_/buckets/${requests.name}/objects/${CONTENT_FOLDER}${name}/")`,
  });

/** Secrets are created by hand (docs/SECRETS.md); the program does not know their values, and the state holds none. */
const allowReading = (settings: Settings, job: string, secrets: readonly Secret[], runner: Identity) =>
  [...new Set(secrets.map(({ secret }) => secret))].map(
    (secretId) =>
      new gcp.secretmanager.SecretIamMember(`${job}-reads-${secretId}`, {
        project: settings.project,
        secretId,
        role: 'roles/secretmanager.secretAccessor',
        member: runner.member,
      }),
  );
