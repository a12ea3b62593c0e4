// Buckets over HTTP: insert, get, list, patch, delete.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { invalid, notImplemented, refuseUnknownFields } from '../http/errors.ts';
import type { Authorize } from '../iam/authorize.ts';
import { requireRecord } from './attributes.ts';
import { readPageSize } from './object-routes.ts';
import { readPreconditions } from './preconditions.ts';
import { originOf, readFlag, readQuery } from './query.ts';
import { withLinksTo } from './resources.ts';
import type { Storage } from './storage.ts';

// Read past on an insert. Access is uniform in every bucket here, and public in none.
const WITHOUT_EFFECT = ['iamConfiguration', 'projectNumber', 'kind', 'id'];

type Routes = (app: FastifyInstance, root: string, storage: Storage, authorize: Authorize) => void;

export const bucketRoutes: Routes = (...parts) => {
  allBuckets(...parts);
  oneBucket(...parts);
};

const allBuckets: Routes = (app, root, storage, authorize) => {
  app.post(`${root}/b`, (request) => {
    const query = readQuery(request, ['project', 'enableObjectRetention']);
    const { project: projectId } = query;
    if (readFlag(query, 'enableObjectRetention')) throw notImplemented('retention of objects');
    if (projectId === undefined) throw invalid('Required parameter: project');
    authorize(request.caller, 'storage.buckets.create', `projects/${projectId}`);
    const body = requireRecord('bucket', request.body);
    refuseUnknownFields('bucket', body, ['name', 'location', 'storageClass', 'labels', ...WITHOUT_EFFECT]);
    refuseObjectAcls(body.iamConfiguration);
    const bucket = storage.buckets.insert({
      name: text(body, 'name') ?? '',
      projectId,
      ...optional('location', text(body, 'location')),
      ...optional('storageClass', text(body, 'storageClass')),
      labels: readLabels(body.labels, false),
    });
    return withLinksTo(originOf(request), bucket);
  });

  app.get(`${root}/b`, (request) => {
    const query = readQuery(request, ['project', 'prefix', 'maxResults', 'pageToken']);
    if (query.project === undefined) throw invalid('Required parameter: project');
    authorize(request.caller, 'storage.buckets.list', `projects/${query.project}`);
    const limit = readPageSize(query);
    const after = Buffer.from(query.pageToken ?? '', 'base64url').toString();
    const found = storage.buckets.list({
      projectId: query.project,
      prefix: query.prefix ?? '',
      after,
      limit: limit + 1,
    });
    const items = found.slice(0, limit).map((bucket) => withLinksTo(originOf(request), bucket));
    const last = items.at(-1);
    return {
      kind: 'storage#buckets',
      items,
      ...(found.length > limit && last && { nextPageToken: Buffer.from(last.name).toString('base64url') }),
    };
  });
};

const oneBucket: Routes = (app, root, storage, authorize) => {
  app.get(`${root}/b/:bucket`, (request) => {
    const query = readQuery(request, []);
    const name = bucketOf(request, 'storage.buckets.get', authorize);
    return withLinksTo(originOf(request), storage.buckets.get(name, readPreconditions(query)));
  });

  app.get(`${root}/b/:bucket/storageLayout`, (request) => {
    readQuery(request, ['prefix']);
    const { name, location, locationType } = storage.buckets.get(
      bucketOf(request, 'storage.objects.list', authorize),
    );
    return { kind: 'storage#storageLayout', bucket: name, location, locationType };
  });

  app.patch(`${root}/b/:bucket`, (request) => {
    const query = readQuery(request, []);
    const name = bucketOf(request, 'storage.buckets.update', authorize);
    const body = requireRecord('bucket', request.body);
    refuseUnknownFields('bucket', body, ['labels']);
    const labels = readLabels(body.labels, true);
    return withLinksTo(
      originOf(request),
      storage.buckets.patchLabels(name, labels, readPreconditions(query)),
    );
  });

  app.delete(`${root}/b/:bucket`, (request, reply) => {
    const query = readQuery(request, []);
    storage.buckets.delete(bucketOf(request, 'storage.buckets.delete', authorize), readPreconditions(query));
    return reply.code(204).send();
  });
};

function bucketOf(request: FastifyRequest, permission: string, authorize: Authorize): string {
  const { bucket } = request.params as { bucket: string };
  authorize(request.caller, permission, `projects/_/buckets/${bucket}`);
  return bucket;
}

function refuseObjectAcls(configuration: unknown): void {
  const { uniformBucketLevelAccess } = requireRecord('bucket.iamConfiguration', configuration ?? {});
  const { enabled } = requireRecord('uniformBucketLevelAccess', uniformBucketLevelAccess ?? {});
  if (enabled === false) throw notImplemented('a bucket without uniform access');
}

function text(body: Record<string, unknown>, field: string): string | undefined {
  const value = body[field];
  if (value !== undefined && typeof value !== 'string') throw invalid(`bucket.${field} should be a string`);
  return value;
}

function readLabels(labels: unknown, mayBeNull: true): Record<string, string | null>;
function readLabels(labels: unknown, mayBeNull: false): Record<string, string>;
function readLabels(labels: unknown, mayBeNull: boolean): Record<string, string | null> {
  const record = requireRecord('bucket.labels', labels ?? {});
  for (const [key, value] of Object.entries(record)) {
    if (typeof value !== 'string' && !(mayBeNull && value === null)) {
      throw invalid(`bucket.labels.${key} should be a string`);
    }
  }
  return record as Record<string, string | null>;
}

const optional = <Name extends string>(name: Name, value: string | undefined) =>
  (value === undefined ? {} : { [name]: value }) as { [key in Name]?: string };
