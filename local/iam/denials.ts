// How each product words its 403: Google's sentences differ, and people search their logs for them.
import { ApiError } from '../http/errors.ts';

type Worded = (caller: string, permission: string, resource: string) => ApiError;

/** By the permission's service; a service that is not here answers like most of Google's newer ones. */
const WORDED: Readonly<Record<string, Worded>> = {
  storage: (caller, permission) =>
    new ApiError(
      403,
      'forbidden',
      `${caller} does not have ${permission} access to the Google Cloud ${storageThing(permission)}. ` +
        `Permission '${permission}' denied on resource (or it may not exist).`,
    ),
  // Pub/Sub names neither who asked nor what was missing.
  pubsub: () => new ApiError(403, 'forbidden', 'User not authorized to perform this action.'),
  run: (_caller, permission, resource) =>
    new ApiError(
      403,
      'forbidden',
      `Permission '${permission}' denied on resource '${resource}' (or resource may not exist).`,
    ),
  bigquery: (_caller, permission, resource) =>
    new ApiError(403, 'accessDenied', `Access Denied: ${bigqueryMessages(permission, resource)}`),
  cloudscheduler: (_caller, permission, resource) =>
    new ApiError(
      403,
      'forbidden',
      `The principal (user or service account) lacks IAM permission "${permission}" for the resource ` +
        `"${resource}" (or the resource may not exist).`,
    ),
};

export const denied: Worded = (caller, permission, resource) => {
  const worded = WORDED[permission.slice(0, permission.indexOf('.'))];
  if (worded !== undefined) return worded(caller, permission, resource);
  return new ApiError(
    403,
    'forbidden',
    `${caller} does not have ${permission} on ${resource} (or it may not exist).`,
  );
};

/** A listing is asked of the bucket, everything else about an object of the object. */
function storageThing(permission: string): string {
  if (permission === 'storage.buckets.create' || permission === 'storage.buckets.list') return 'project';
  const ofBucket = permission.startsWith('storage.buckets.') || permission === 'storage.objects.list';
  return ofBucket ? 'Storage bucket' : 'Storage object';
}

function bigqueryMessages(permission: string, resource: string): string {
  const [, project = '', , dataset, , table] = resource.split('/');
  if (dataset === undefined)
    return `Project ${project}: User does not have ${permission} permission in project ${project}.`;
  const name = table === undefined ? `${project}:${dataset}` : `${project}:${dataset}.${table}`;
  if (permission === 'bigquery.tables.getData' && table !== undefined)
    return `Table ${name}: User does not have permission to query table ${name}, or perhaps it does not exist.`;
  const kind = table === undefined ? 'dataset' : 'table';
  return `${capitalised(kind)} ${name}: Permission ${permission} denied on ${kind} ${name} (or it may not exist).`;
}

const capitalised = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
