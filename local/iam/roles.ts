// Which permissions each role holds: of Google's predefined roles, the part that the local services ask about.
import { invalid } from '../http/errors.ts';

// A permission is listed in a role only where Google's own documentation of the role lists it, so that a
// call that is allowed here is allowed there. `drive.reader` is a local word: Drive has sharing, not IAM.
const ROLES: Readonly<Record<string, readonly string[]>> = {
  'roles/storage.objectCreator': ['storage.objects.create'],
  'roles/storage.objectViewer': ['storage.objects.get', 'storage.objects.list'],
  'roles/storage.objectUser': on('storage.objects', 'create', 'delete', 'get', 'list', 'update'),
  'roles/storage.objectAdmin': on('storage.objects', 'create', 'delete', 'get', 'list', 'update'),
  'roles/storage.admin': [
    ...on('storage.objects', 'create', 'delete', 'get', 'list', 'update'),
    ...on('storage.buckets', 'create', 'delete', 'get', 'list', 'update'),
  ],
  'roles/storage.legacyBucketReader': ['storage.buckets.get', 'storage.objects.list'],

  'roles/pubsub.publisher': ['pubsub.topics.publish'],
  'roles/pubsub.subscriber': ['pubsub.subscriptions.consume', 'pubsub.topics.attachSubscription'],
  'roles/pubsub.viewer': [
    ...on('pubsub.topics', 'get', 'list'),
    ...on('pubsub.subscriptions', 'get', 'list'),
  ],

  // A job's creator may see and cancel it without `bigquery.jobs.get`: that is the service's rule, not a role's.
  'roles/bigquery.jobUser': ['bigquery.jobs.create'],
  'roles/bigquery.user': [
    ...on('bigquery.jobs', 'create', 'list'),
    ...on('bigquery.datasets', 'create', 'get'),
    'bigquery.tables.list',
  ],
  'roles/bigquery.dataViewer': ['bigquery.datasets.get', ...on('bigquery.tables', 'get', 'getData', 'list')],
  'roles/bigquery.dataEditor': [
    ...on('bigquery.datasets', 'create', 'get'),
    ...on('bigquery.tables', 'create', 'delete', 'get', 'getData', 'list', 'update', 'updateData'),
  ],
  'roles/bigquery.dataOwner': [
    ...on('bigquery.datasets', 'create', 'delete', 'get', 'update'),
    ...on('bigquery.tables', 'create', 'delete', 'get', 'getData', 'list', 'update', 'updateData'),
  ],

  // A developer deploys and runs jobs, but may not call a private service: that takes `run.invoker`.
  'roles/run.developer': [
    ...on('run.jobs', 'create', 'delete', 'get', 'list', 'run', 'runWithOverrides', 'update'),
    ...on('run.executions', 'cancel', 'delete', 'get', 'list'),
    ...on('run.tasks', 'get', 'list'),
    ...on('run.operations', 'get', 'list'),
  ],
  'roles/run.invoker': ['run.jobs.run', 'run.routes.invoke'],
  'roles/run.servicesInvoker': ['run.routes.invoke'],
  'roles/run.viewer': [
    ...on('run.jobs', 'get', 'list'),
    ...on('run.executions', 'get', 'list'),
    ...on('run.tasks', 'get', 'list'),
    ...on('run.operations', 'get', 'list'),
  ],
  'roles/run.jobsExecutor': ['run.jobs.run', 'run.executions.cancel'],
  'roles/run.jobsExecutorWithOverrides': [
    'run.jobs.run',
    'run.jobs.runWithOverrides',
    'run.executions.cancel',
  ],

  'roles/artifactregistry.writer': on(
    'artifactregistry.repositories',
    'downloadArtifacts',
    'uploadArtifacts',
  ),
  'roles/cloudkms.cryptoKeyEncrypterDecrypter': on(
    'cloudkms.cryptoKeyVersions',
    'useToDecrypt',
    'useToEncrypt',
  ),
  'roles/cloudscheduler.jobRunner': ['cloudscheduler.jobs.run'],
  'roles/telemetry.tracesWriter': ['telemetry.traces.write'],
  'roles/cloudtrace.user': ['cloudtrace.traces.get', 'cloudtrace.traces.list'],
  'roles/logging.logWriter': ['logging.logEntries.create'],
  'roles/logging.viewAccessor': ['logging.views.access'],
  'roles/iam.serviceAccountOpenIdTokenCreator': ['iam.serviceAccounts.getOpenIdToken'],
  'roles/iap.httpsResourceAccessor': ['iap.webServiceVersions.accessViaIAP'],
  'roles/iam.serviceAccountUser': on('iam.serviceAccounts', 'actAs', 'get', 'list'),
  'roles/iam.serviceAccountTokenCreator': on(
    'iam.serviceAccounts',
    'getAccessToken',
    'getOpenIdToken',
    'signBlob',
    'signJwt',
  ),

  'drive.reader': on('drive.files', 'get', 'list'),
};

/** The permissions of a role, or undefined for a role that the local cloud does not know. */
export function permissionsOf(role: string): ReadonlySet<string> | undefined {
  const permissions = ROLES[role];
  return permissions === undefined ? undefined : new Set(permissions);
}

/** Throws 400 for a permission of a custom role that nothing here asks about: a misspelt one would go unseen. */
export function checkPermissions(role: string, permissions: readonly string[]): void {
  const known = new Set(Object.values(ROLES).flat());
  const unknown = permissions.filter((permission) => !known.has(permission));
  if (unknown.length === 0) return;
  throw invalid(`Permission ${unknown.join(', ')} of ${role} is not valid: no local service asks about it.`);
}

function on(noun: string, ...verbs: string[]): string[] {
  return verbs.map((verb) => `${noun}.${verb}`);
}
