// The five functions: a source and an identity each, and what calls them.
import * as gcp from '@pulumi/gcp';
import type * as pulumi from '@pulumi/pulumi';
import { deadLettersOf, type SubscriptionName } from '../shared/deployment.ts';
import type { Keys } from './encryption.ts';
import { IMAGES } from './images.ts';
import type { Identities, Identity } from './identities.ts';
import { pushTo, type Topics } from './messaging.ts';
import { settingVariables, type Settings } from './settings.ts';
import type { SourceOf } from './sources.ts';
import { createBucket, type Buckets } from './storage.ts';

export interface Functions {
  readonly detectChanges: gcp.cloudfunctionsv2.Function;
  readonly sweepRuns: gcp.cloudfunctionsv2.Function;
  readonly takeOrders: gcp.cloudfunctionsv2.Function;
  /** The subscriptions that keep what was refused too often, by their names. */
  readonly deadLetters: Readonly<Record<string, gcp.pubsub.Subscription>>;
}

const RUNTIME = 'nodejs24';
const EVENT_TIMEOUT_SECONDS = 540;

export function createFunctions(
  settings: Settings,
  identities: Identities,
  buckets: Buckets,
  topics: Topics,
  mayBuild: readonly pulumi.Resource[],
  keys: Keys,
  sourceOf: SourceOf,
): Functions {
  const variables = {
    GOOGLE_CLOUD_PROJECT: settings.project,
    RUNS_BUCKET: buckets.runs.name,
    RESULTS_BUCKET: buckets.results.name,
    EXPORTS_BUCKET: buckets.exports.name,
    RUN_REQUESTED_TOPIC: topics.runRequested.name,
    WAREHOUSE_LOCATION: settings.location,
  };
  const sources = createSourceBucket(settings, keys);
  const create = (name: string, who: Identity, options: Options) =>
    createFunction(settings, uploadSource(sources, name, sourceOf), variables, name, who, {
      build: identities.build,
      mayBuild,
      ...options,
    });

  const pipelineVariables = Object.assign({}, ...settings.pipelines.map(settingVariables)) as Record<
    string,
    string
  >;
  const detectChanges = create('detect-changes', identities.detectChanges, {
    variables: { ...pipelineVariables, ORDER_TAKER: identities.takeOrders.email },
  });
  const jobVariables = { JOB_REGION: settings.jobRegion };
  const startRun = create('start-run', identities.startRun, { variables: jobVariables });
  const loadOutput = create('load-output', identities.loadOutput, {});
  const sweepRuns = create('sweep-runs', identities.sweepRuns, {
    isInternal: true,
    variables: {
      ...jobVariables,
      // How long the sweep leaves a step alone before it counts as overdue.
      OVERDUE_SECONDS: settings.overdueSeconds,
      START_RUN_URL: addressOf(startRun),
      LOAD_OUTPUT_URL: addressOf(loadOutput),
    },
  });
  const takeOrders = create('take-orders', identities.takeOrders, {
    variables: {
      ...jobVariables,
      AUDIT_BUCKET: buckets.audit.name,
      LOAD_REQUESTED_TOPIC: topics.loadRequested.name,
      DETECT_CHANGES_URL: addressOf(detectChanges),
    },
  });

  allowInvoking(detectChanges, 'detect-changes-scheduler', identities.scheduler.member);
  allowInvoking(detectChanges, 'detect-changes-takeOrders', identities.takeOrders.member);
  allowInvoking(sweepRuns, 'sweep-runs-scheduler', identities.scheduler.member);
  allowInvoking(sweepRuns, 'sweep-runs-courier', identities.courier.member);
  for (const [by, who] of Object.entries({ courier: identities.courier, sweepRuns: identities.sweepRuns })) {
    allowInvoking(startRun, `start-run-${by}`, who.member);
    allowInvoking(loadOutput, `load-output-${by}`, who.member);
  }
  const push = (name: SubscriptionName, topic: gcp.pubsub.Topic, to: gcp.cloudfunctionsv2.Function) => ({
    [deadLettersOf(name)]: pushTo({ settings, identities, keys }, name, topic, addressOf(to)),
  });
  const deadLetters = {
    ...push('run-requested-to-start-run', topics.runRequested, startRun),
    ...push('load-requested-to-load-output', topics.loadRequested, loadOutput),
    ...push('output-finalized-to-load-output', topics.outputFinalized, loadOutput),
    ...push('execution-finished-to-sweep-runs', topics.executionFinished, sweepRuns),
  };
  return { detectChanges, sweepRuns, takeOrders, deadLetters };
}

/** The address on Cloud Run: the one whose calls by Google's own services count as internal. */
export const addressOf = ({ serviceConfig }: gcp.cloudfunctionsv2.Function): pulumi.Output<string> =>
  serviceConfig.apply((service) => service?.uri ?? '');

interface Options {
  readonly variables?: Record<string, pulumi.Input<string>>;
  readonly isInternal?: boolean;
}

interface Building {
  readonly build: Identity;
  /** What the build's identity needs before the first build. */
  readonly mayBuild: readonly pulumi.Resource[];
}

function createFunction(
  settings: Settings,
  source: gcp.storage.BucketObject,
  variables: Record<string, pulumi.Input<string>>,
  name: string,
  who: Identity,
  { build, mayBuild, ...options }: Options & Building,
): gcp.cloudfunctionsv2.Function {
  const { project, region } = settings;
  return new gcp.cloudfunctionsv2.Function(
    name,
    {
      name,
      location: region,
      buildConfig: {
        runtime: RUNTIME,
        entryPoint: name,
        source: { storageSource: { bucket: source.bucket, object: source.name } },
        serviceAccount: build.id,
        dockerRepository: `projects/${project}/locations/${region}/repositories/${IMAGES}`,
      },
      serviceConfig: {
        serviceAccountEmail: who.email,
        timeoutSeconds: EVENT_TIMEOUT_SECONDS,
        availableMemory: '512Mi',
        maxInstanceCount: 5,
        // No VPC connector: what a function calls are Google's own addresses, and a connector's machines bill
        // while nothing happens. So one function's call of another comes from the internet, as a person's
        // does, and only what Cloud Scheduler and Pub/Sub alone call can be closed to it. Everywhere the token
        // decides as well.
        ingressSettings: options.isInternal === true ? 'ALLOW_INTERNAL_ONLY' : 'ALLOW_ALL',
        environmentVariables: { ...variables, ...options.variables },
      },
    },
    { dependsOn: [...mayBuild] },
  );
}

const createSourceBucket = (settings: Settings, keys: Keys) =>
  createBucket('source', settings, keys, {
    name: `${settings.project}-sluice-source`,
    // The repository has it all.
    undeletableDays: 0,
    deletionPolicy: 'DELETE',
  });

function uploadSource(
  bucket: gcp.storage.Bucket,
  name: string,
  sourceOf: SourceOf,
): gcp.storage.BucketObject {
  const { object, content } = sourceOf(name);
  return new gcp.storage.BucketObject(`source-${name}`, {
    bucket: bucket.name,
    name: object,
    source: content,
  });
}

export const allowInvoking = (
  called: gcp.cloudfunctionsv2.Function,
  name: string,
  member: pulumi.Input<string>,
) =>
  new gcp.cloudrunv2.ServiceIamMember(`${name}-invoker`, {
    name: called.name,
    location: called.location,
    role: 'roles/run.invoker',
    member,
  });
