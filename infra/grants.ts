// Grants the rights that a function declares to its identity, each on the smallest thing that Google lets one grant on.
import * as gcp from '@pulumi/gcp';
import { interpolate } from '@pulumi/pulumi';
import type { FunctionDeclaration } from '../shared/functions/declaration.ts';
import type { Right } from '../shared/functions/rights.ts';
import type { Served } from '../shared/functions/services.ts';
import { publishesObjects } from '../shared/pipelines/outputs.ts';
import { POINTER_NAME } from '../shared/publications/names.ts';
import { stagingDataset } from '../shared/warehouse/tables.ts';
import type { Functions } from './functions.ts';
import { resourceNameOf, type Identities, type Identity } from './identities.ts';
import { grantPublish, grantSubscribe, type Topics } from './messaging.ts';
import type { Role, Roles } from './roles.ts';
import type { Settings } from './settings.ts';
import { letRead, letWatch, type BucketWatcher } from './source-buckets.ts';
import { grantMovingPointers, grantOnBucket, type Buckets } from './storage.ts';
import { grantOnDataset, type Warehouse } from './warehouse.ts';

/** What rights can be on. */
export interface Things {
  readonly settings: Settings;
  readonly identities: Identities;
  readonly roles: Roles;
  readonly buckets: Buckets;
  readonly bucketWatcher: BucketWatcher;
  readonly topics: Topics;
  readonly warehouse: Warehouse;
  /** By their names. */
  readonly jobs: ReadonlyMap<string, gcp.cloudrunv2.Job>;
  readonly functions: Functions;
}

export function grantRights(things: Things): void {
  for (const declaration of things.settings.functions.values()) {
    const who = things.identities.of(declaration.name);
    const name = resourceNameOf(declaration.name);
    for (const right of declaration.rights) if (isOfUse(right, things)) grantRight(name, right, who, things);
    if (declaration.serves !== undefined) grantFollowing(name, declaration.serves, who, things.buckets);
    for (const topic of publishedBy(declaration, things))
      grantPublish(`${name}-${topic}`, things.topics(topic), who.member);
  }
}

/** Nothing is granted on the export bucket while no pipeline of the stack publishes files or models. */
const isOfUse = (right: Right, { settings }: Things): boolean =>
  publishesObjects(settings.pipelines) ||
  !(right.kind === 'publishes-objects' || ('bucket' in right && right.bucket === 'exports'));

/**
 * Topics and what a service follows are granted above, and a call where the called function names its caller. Of
 * Drive nothing is granted: a person shares each folder with the function's identity.
 */
function grantRight(name: string, right: Right, who: Identity, things: Things): void {
  const { buckets, roles } = things;
  switch (right.kind) {
    case 'adds':
      grantOnBucket(`${name}-adds-${right.bucket}`, buckets[right.bucket], roles.objectAdder.name, who);
      return;
    case 'reads':
      grantOnBucket(
        `${name}-reads-${right.bucket}`,
        buckets[right.bucket],
        'roles/storage.objectViewer',
        who,
      );
      return;
    case 'moves-state':
      grantMovingPointers(`${name}-moves-pointers`, buckets[right.bucket], roles.stateWriter, who);
      return;
    case 'starts':
      return grantOnJobs(`${name}-starts`, roles.executionStarter, who, things);
    case 'operates':
      return grantOnJobs(`${name}-minds`, roles.executionOperator, who, things);
    case 'publishes-tables':
      return grantPublishingTables(name, who, things);
    case 'publishes-objects':
      return grantPublishingObjects(name, who, things);
    case 'redrives-dead-letters':
      for (const [deadLetters, kept] of things.functions.deadLetters)
        grantSubscribe(`${deadLetters}-${name}`, kept, who.member);
      return;
    case 'watches-sources':
      return letWatch(name, who, things.bucketWatcher, things.settings, buckets);
    case 'reads-sources':
      return letRead(name, who, things.settings);
    case 'publishes':
    case 'calls':
    case 'follows-model':
      return;
  }
}

function grantOnJobs(key: string, role: Role, { member }: Identity, { jobs }: Things): void {
  for (const [name, job] of jobs) {
    new gcp.cloudrunv2.JobIamMember(`${name}-${key}`, {
      name: job.name,
      location: job.location,
      role: role.name,
      member,
    });
  }
}

function grantPublishingTables(name: string, { member }: Identity, things: Things): void {
  const { project } = things.settings;
  new gcp.projects.IAMMember(`${name}-makes-jobs`, { project, role: 'roles/bigquery.jobUser', member });
  for (const [id, { published, staged }] of things.warehouse) {
    grantOnDataset(`${name}-${id}`, published, things.roles.rowPublisher.name, member);
    if (staged !== undefined)
      grantOnDataset(`${name}-${stagingDataset(id)}`, staged, things.roles.tableStager.name, member);
  }
}

/** A copy is never changed; what is superseded is given a time, and the pointers alone are overwritten. */
function grantPublishingObjects(name: string, who: Identity, { buckets, roles }: Things): void {
  const { exports } = buckets;
  grantOnBucket(`${name}-adds-exports`, exports, roles.objectAdder.name, who);
  grantOnBucket(`${name}-retires-exports`, exports, roles.objectRetirer.name, who);
  grantOnBucket(`${name}-moves-exports`, exports, roles.stateWriter.name, who, {
    title: 'pointers of outputs',
    expression: `resource.name.endsWith("/${POINTER_NAME}")`,
  });
}

/**
 * What the service's pipeline publishes, to read and to list; a listing is asked of the bucket, by its prefix. As it may
 * not list the rest, Cloud Storage answers 403 in place of 404 for an object that is not there.
 */
function grantFollowing(name: string, { pipeline }: Served, who: Identity, { exports }: Buckets): void {
  const folder = `${pipeline}/`;
  grantOnBucket(`${name}-follows-${pipeline}`, exports, 'roles/storage.objectViewer', who, {
    title: `exports of ${pipeline}`,
    expression: interpolate`resource.name.startsWith("projects/_/buckets/${exports.name}/objects/${folder}") || api.getAttribute("storage.googleapis.com/objectListPrefix", "").startsWith("${folder}")`,
  });
}

/** A dead letter is published again to the topic that it came from. */
function publishedBy({ rights }: FunctionDeclaration, { functions }: Things): ReadonlySet<string> {
  const redrives = rights.some(({ kind }) => kind === 'redrives-dead-letters');
  const own = rights.flatMap((right) => (right.kind === 'publishes' ? [right.topic] : []));
  return new Set([...own, ...(redrives ? functions.receivedTopics : [])]);
}
