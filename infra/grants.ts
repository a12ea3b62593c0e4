// Grants a function's declared rights to its identity, each on the smallest resource that Google allows.
import * as gcp from '@pulumi/gcp';
import { interpolate } from '@pulumi/pulumi';
import type { FunctionDeclaration } from '../shared/functions/declaration.ts';
import type { Right } from '../shared/functions/rights.ts';
import type { Served } from '../shared/functions/services.ts';
import { publishesObjects } from '../shared/pipelines/outputs.ts';
import { jobNameOf, requestsOf, takesRequests } from '../shared/pipelines/pipeline.ts';
import { POINTER_NAME } from '../shared/publications/names.ts';
import { LEDGER } from '../shared/warehouse/ledger.ts';
import { stagingDataset } from '../shared/warehouse/tables.ts';
import type { Functions } from './functions.ts';
import { resourceNameOf, type Identities, type Identity } from './identities.ts';
import { grantReadingLogs, type JobLogs } from './job-logs.ts';
import { grantPublish, grantSubscribe, topicsIn, type Topics } from './messaging.ts';
import type { Role, Roles } from './roles.ts';
import type { Settings } from './settings.ts';
import { letRead, letWatch, type BucketWatcher } from './source-buckets.ts';
import {
  bucketNamed,
  grantChangingFolder,
  grantMovingPointers,
  grantOnBucket,
  type Buckets,
} from './storage.ts';
import { grantOnDataset, type Warehouse } from './warehouse.ts';

/** The resources that rights apply to. */
export interface Resources {
  readonly settings: Settings;
  readonly identities: Identities;
  readonly roles: Roles;
  readonly buckets: Buckets;
  readonly bucketWatcher: BucketWatcher;
  readonly topics: Topics;
  readonly warehouse: Warehouse;
  readonly jobLogs: JobLogs;
  /** By name. */
  readonly jobs: ReadonlyMap<string, gcp.cloudrunv2.Job>;
  readonly functions: Functions;
}

export function grantRights(resources: Resources): void {
  for (const declaration of resources.settings.functions.values()) {
    const who = resources.identities.of(declaration.name);
    const name = resourceNameOf(declaration.name);
    for (const right of declaration.rights)
      if (applies(right, resources)) grantRight(name, right, who, resources);
    if (declaration.serves !== undefined) grantFollowing(name, declaration.serves, who, resources.buckets);
    for (const topic of publishedBy(declaration, resources))
      grantPublish(`${name}-${topic}`, resources.topics(topic), who.member);
  }
}

/**
 * No right is granted on the export bucket while no pipeline of the stack publishes files or models, and none on the
 * bucket of requests, which does not exist, while no pipeline takes requests.
 */
function applies(right: Right, { settings: { pipelines } }: Resources): boolean {
  const bucket = 'bucket' in right ? right.bucket : undefined;
  if (isForRequests(right) && !takesRequests(pipelines)) return false;
  if (right.kind === 'publishes-objects' || bucket === 'exports') return publishesObjects(pipelines);
  return bucket !== 'requests' || takesRequests(pipelines);
}

/**
 * Rights on topics and on the model that a service follows are granted above, and the right to call a function with the
 * called function. Rights on Drive are not granted here: each folder has to be shared with the function's identity.
 */
function grantRight(name: string, right: Right, who: Identity, resources: Resources): void {
  const { buckets, roles } = resources;
  switch (right.kind) {
    case 'adds':
      grantOnBucket(
        `${name}-adds-${right.bucket}`,
        bucketNamed(buckets, right.bucket),
        roles.objectAdder.name,
        who,
      );
      return;
    case 'reads':
      grantOnBucket(
        `${name}-reads-${right.bucket}`,
        bucketNamed(buckets, right.bucket),
        'roles/storage.objectViewer',
        who,
      );
      return;
    case 'moves-state':
      grantMovingPointers(`${name}-moves-pointers`, buckets[right.bucket], roles.stateWriter, who);
      return;
    case 'changes': {
      const requests = bucketNamed(buckets, right.bucket);
      grantChangingFolder(`${name}-changes-${right.folder}`, requests, right.folder, roles.stateWriter, who);
      return;
    }
    case 'erases':
      for (const pipeline of requestsOf(resources.settings.pipelines))
        grantErasing(`${name}-erases-${pipeline.name}`, pipeline.name, who, resources);
      return;
    case 'starts':
      return grantOnJobs(`${name}-starts`, roles.executionStarter, who, resources, right);
    case 'operates':
      return grantOnJobs(`${name}-operates`, roles.executionOperator, who, resources, right);
    case 'publishes-tables':
      return grantPublishingTables(name, who, resources);
    case 'reads-ledger':
      return grantReadingLedger(name, who, resources);
    case 'reads-logs':
      return grantReadingLogs(name, resources.jobLogs, who);
    case 'reads-traces':
      return grantReadingTraces(name, who, resources.settings);
    case 'publishes-objects':
      return grantPublishingObjects(name, who, resources);
    case 'redrives-dead-letters':
      for (const [deadLetters, kept] of resources.functions.deadLetters)
        grantSubscribe(`${deadLetters}-${name}`, kept, who.member);
      return;
    case 'watches-sources':
      return letWatch(name, who, resources.bucketWatcher, resources.settings, buckets);
    case 'reads-sources':
      return letRead(name, who, resources.settings);
    case 'signs-links':
      // With its own key, which stays at Google: an identity may sign as itself only where that is granted.
      new gcp.serviceaccount.IAMMember(`${name}-signs-links`, {
        serviceAccountId: who.id,
        role: 'roles/iam.serviceAccountTokenCreator',
        member: who.member,
      });
      return;
    case 'publishes':
    case 'calls':
    case 'follows-model':
    case 'verifies-tokens':
      return;
  }
}

const isForRequests = (right: Right): boolean => 'only' in right && right.only === 'requests';

function grantOnJobs(
  key: string,
  role: Role,
  { member }: Identity,
  { jobs, settings }: Resources,
  right: Right,
): void {
  const requested = new Set(requestsOf(settings.pipelines).map(jobNameOf));
  for (const [name, job] of jobs) {
    // The dispatch alone operates the jobs of requested runs; the other functions operate those of watched sources.
    if (right.kind === 'operates' && isForRequests(right) !== requested.has(name)) continue;
    new gcp.cloudrunv2.JobIamMember(`${name}-${key}`, {
      name: job.name,
      location: job.location,
      role: role.name,
      member,
    });
  }
}

function grantPublishingTables(name: string, { member }: Identity, resources: Resources): void {
  const { project } = resources.settings;
  new gcp.projects.IAMMember(`${name}-makes-jobs`, { project, role: 'roles/bigquery.jobUser', member });
  for (const [id, { published, staged }] of resources.warehouse) {
    grantOnDataset(`${name}-${id}`, published, resources.roles.rowPublisher.name, member);
    if (staged !== undefined)
      grantOnDataset(`${name}-${stagingDataset(id)}`, staged, resources.roles.tableStager.name, member);
  }
}

function grantReadingLedger(name: string, { member }: Identity, { settings, warehouse }: Resources): void {
  const { project } = settings;
  new gcp.projects.IAMMember(`${name}-makes-jobs`, { project, role: 'roles/bigquery.jobUser', member });
  const ledger = warehouse.get(LEDGER.dataset)?.published;
  if (ledger === undefined) throw new TypeError('the program creates no dataset for the ledger');
  grantOnDataset(`${name}-reads-ledger`, ledger, 'roles/bigquery.dataViewer', member);
}

/** A trace belongs to the project, and Google has no smaller resource for it. */
function grantReadingTraces(name: string, { member }: Identity, { project }: Settings): void {
  new gcp.projects.IAMMember(`${name}-reads-traces`, { project, role: 'roles/cloudtrace.user', member });
}

/** A copy is never changed; superseded files get a time, and only the pointers are overwritten. */
function grantPublishingObjects(name: string, who: Identity, { buckets, roles }: Resources): void {
  const { exports } = buckets;
  grantOnBucket(`${name}-adds-exports`, exports, roles.objectAdder.name, who);
  grantOnBucket(`${name}-retires-exports`, exports, roles.objectRetirer.name, who);
  grantOnBucket(`${name}-moves-exports`, exports, roles.stateWriter.name, who, {
    title: 'pointers of outputs',
    expression: `resource.name.endsWith("/${POINTER_NAME}")`,
  });
}

/**
 * The right to read and list what the service's pipeline publishes; a listing is a call on the bucket, by prefix. Because
 * the service may not list other prefixes, Cloud Storage answers 403 instead of 404 for an object that does not exist.
 */
function grantFollowing(name: string, { pipeline }: Served, who: Identity, { exports }: Buckets): void {
  grantOnBucket(`${name}-follows-${pipeline}`, exports, 'roles/storage.objectViewer', who, {
    title: `exports of ${pipeline}`,
    expression: inFolderOf(pipeline, exports),
  });
}

/** What the job of that pipeline wrote, in the results bucket of all pipelines. */
function grantErasing(key: string, pipeline: string, who: Identity, { buckets, roles }: Resources): void {
  const { results } = buckets;
  grantOnBucket(key, results, roles.objectEraser.name, who, {
    title: `results of ${pipeline}`,
    expression: inFolderOf(pipeline, results),
  });
}

/** Objects of the pipeline's folder, and listings of it. */
const inFolderOf = (pipeline: string, { name }: gcp.storage.Bucket) =>
  interpolate`resource.name.startsWith("projects/_/buckets/${name}/objects/${pipeline}/") || api.getAttribute("storage.googleapis.com/objectListPrefix", "").startsWith("${pipeline}/")`;

/** The topics that the function publishes to; a redriven dead letter goes to the topic that it came from. */
function publishedBy(
  { rights }: FunctionDeclaration,
  { functions, settings }: Resources,
): ReadonlySet<string> {
  const redrives = rights.some(({ kind }) => kind === 'redrives-dead-letters');
  const own = rights.flatMap((right) => (right.kind === 'publishes' ? [right.topic] : []));
  const announced = new Set(topicsIn(settings));
  return new Set(
    [...own, ...(redrives ? functions.receivedTopics : [])].filter((topic) => announced.has(topic)),
  );
}
