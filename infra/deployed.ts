// Deploys one function in either form: a Cloud Function, or a Cloud Run service of the same bundle.
import * as gcp from '@pulumi/gcp';
import type * as pulumi from '@pulumi/pulumi';
import { isForPeople, isInternal, isOpen } from '../shared/functions/declaration.ts';
import type { DeployedFunction } from '../shared/functions/services.ts';
import type { Environment } from './environment.ts';
import type { Identity } from './identities.ts';
import { IMAGES } from './images.ts';
import type { Settings } from './settings.ts';

export interface Deployed {
  readonly name: pulumi.Output<string>;
  readonly location: pulumi.Output<string>;
  /** The address on Cloud Run: calls to it by Google's own services count as internal. */
  readonly address: pulumi.Output<string>;
}

export interface Deployment {
  readonly settings: Settings;
  readonly declaration: DeployedFunction;
  readonly who: Identity;
  readonly build: Identity;
  /** The grants that the build's identity needs before the first build. */
  readonly mayBuild: readonly pulumi.Resource[];
  readonly source: gcp.storage.BucketObject;
  readonly environment: Environment;
}

const NODE = 24;
/** The longest time that Cloud Functions allows an event function. */
const TIMEOUT_SECONDS = 540;

export const deployFunction = (deployment: Deployment): Deployed =>
  deployment.declaration.runsAs === 'service' ? createService(deployment) : createFunction(deployment);

function createFunction(deployment: Deployment): Deployed {
  const { settings, declaration, who, build, mayBuild, source, environment } = deployment;
  const { project, region } = settings;
  const { name, size } = declaration;
  const created = new gcp.cloudfunctionsv2.Function(
    name,
    {
      name,
      location: region,
      buildConfig: {
        runtime: `nodejs${NODE}`,
        entryPoint: declaration.source,
        source: { storageSource: { bucket: source.bucket, object: source.name } },
        serviceAccount: build.id,
        dockerRepository: `projects/${project}/locations/${region}/repositories/${IMAGES}`,
      },
      serviceConfig: {
        serviceAccountEmail: who.email,
        timeoutSeconds: TIMEOUT_SECONDS,
        availableMemory: size.memory,
        availableCpu: String(size.cpu),
        maxInstanceRequestConcurrency: size.concurrency,
        minInstanceCount: size.minInstances,
        maxInstanceCount: size.maxInstances,
        // No VPC connector: functions call only Google's own addresses, and a connector is billed while idle. So a
        // function's call of another comes from the internet, like an operator's, and only functions that Cloud
        // Scheduler and Pub/Sub alone call can be closed to the internet. The token is checked in any case.
        ingressSettings: isInternal(declaration) ? 'ALLOW_INTERNAL_ONLY' : 'ALLOW_ALL',
        environmentVariables: environment,
      },
    },
    { dependsOn: [...mayBuild] },
  );
  const address = created.serviceConfig.apply((service) => service?.uri ?? '');
  return { name: created.name, location: created.location, address };
}

/**
 * The bundle runs on Google's base image without a build: it has no dependency to install. A service's `buildConfig`
 * does not work, because only the API of Cloud Functions starts the build that it describes
 * (hashicorp/terraform-provider-google issue 22263).
 */
function createService({ settings, declaration, who, source, environment }: Deployment): Deployed {
  const { name, size } = declaration;
  const { region } = settings;
  const variables = { ...environment, FUNCTION_TARGET: declaration.source };
  const created = new gcp.cloudrunv2.Service(name, {
    name,
    location: region,
    // Source code with a base image is a preview feature of Cloud Run.
    launchStage: 'BETA',
    // It holds no data: when its function is removed, the service is deleted.
    deletionProtection: false,
    // The function verifies the tokens of its callers itself.
    ...(isOpen(declaration) && settings.openTo === 'invokerIamDisabled' ? { invokerIamDisabled: true } : {}),
    ...(isForPeople(declaration) ? { iapEnabled: true } : {}),
    ingress: isInternal(declaration) ? 'INGRESS_TRAFFIC_INTERNAL_ONLY' : 'INGRESS_TRAFFIC_ALL',
    template: {
      serviceAccount: who.email,
      timeout: `${TIMEOUT_SECONDS}s`,
      maxInstanceRequestConcurrency: size.concurrency,
      scaling: { minInstanceCount: size.minInstances, maxInstanceCount: size.maxInstances },
      containers: [
        {
          image: 'scratch',
          baseImageUri: `${region}-docker.pkg.dev/serverless-runtimes/google-${NODE}-full/runtimes/nodejs${NODE}`,
          commands: ['node'],
          args: ['framework/start.cjs'],
          sourceCode: { cloudStorageSource: { bucket: source.bucket, object: source.name } },
          resources: { limits: { cpu: String(size.cpu), memory: size.memory }, cpuIdle: true },
          envs: Object.entries(variables).map(([key, value]) => ({ name: key, value })),
        },
      ],
    },
  });
  return { name: created.name, location: created.location, address: created.uri };
}
