// Objects made of objects over HTTP: rewrite, copy, compose.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { invalid, refuseUnknownFields } from '../http/errors.ts';
import type { Authorize } from '../iam/authorize.ts';
import { readAttributes, requireRecord, type Attributes } from './attributes.ts';
import { objectOf, overwriting, resourceOf } from './object-routes.ts';
import { readNumber, readPreconditions } from './preconditions.ts';
import { originOf, readQuery, sourceParameters, type Query } from './query.ts';
import { withLinksTo } from './resources.ts';
import type { ObjectResource, SourceObject, Storage } from './storage.ts';

export function copyRoutes(app: FastifyInstance, root: string, storage: Storage, authorize: Authorize): void {
  const target = 'b/:toBucket/o/:toObject';

  app.post(`${root}/b/:bucket/o/:object/rewriteTo/${target}`, (request) =>
    rewrite(request, storage, authorize),
  );

  app.post(`${root}/b/:bucket/o/:object/copyTo/${target}`, (request) => copy(request, storage, authorize));

  app.post(`${root}/b/:bucket/o/:object/compose`, async (request) => {
    const query = readQuery(request, []);
    const { bucket, object: name } = request.params as { bucket: string; object: string };
    authorize(request.caller, 'storage.objects.create', objectOf({ bucket, name }));
    authorize(request.caller, 'storage.objects.get', resourceOf({ bucket }));
    const body = requireRecord('compose', request.body);
    refuseUnknownFields('compose', body, ['kind', 'destination', 'sourceObjects']);
    if (!Array.isArray(body.sourceObjects)) throw invalid('compose.sourceObjects should be a list');
    const sources = body.sourceObjects.map((source) => readSource(bucket, source));
    const resource = await storage.compose(sources, {
      bucket,
      name,
      attributes: readAttributes('compose.destination', body.destination),
      conditions: readPreconditions(query),
      mayOverwrite: overwriting(request, authorize),
    });
    return withLinksTo(originOf(request), resource);
  });
}

// Google rewrites as much as it can in a call; here it is this much, so that large objects take several.
const BYTES_PER_CALL = 32 * 1024 * 1024;
const MEBIBYTE = 1024 * 1024;

/** One call of a rewrite: the whole object, or a part of it and the token for the next call. */
function rewrite(request: FastifyRequest, storage: Storage, authorize: Authorize): object {
  const { rewriteToken, ...query } = readQuery(request, [
    ...sourceParameters,
    'rewriteToken',
    'maxBytesRewrittenPerCall',
  ]);
  const again = {
    path: request.params as CopyPath,
    query: withoutUndefined(query),
    body: withoutToken(request.body, rewriteToken),
  };
  const known = rewriteToken === undefined ? undefined : storage.rewrites.resume(rewriteToken, again);
  const asked = known?.request ?? again;
  const { source, destination } = readCopy(request.caller, asked, authorize);
  const pinned = known === undefined ? source : { ...source, generation: known.generation };
  const row = storage.readable(pinned, destination);
  const rewritten = Math.min((known?.rewrittenBytes ?? 0) + bytesPerCall(asked.query), row.size);
  const answer = {
    kind: 'storage#rewriteResponse',
    totalBytesRewritten: String(rewritten),
    objectSize: String(row.size),
  };
  if (rewritten === row.size) {
    const mayOverwrite = overwriting(request, authorize);
    const resource = withLinksTo(originOf(request), storage.copy(pinned, { ...destination, mayOverwrite }));
    return { ...answer, done: true, resource };
  }
  const going = known ?? storage.rewrites.begin(again, row.generation);
  storage.rewrites.advance(going, rewritten);
  return { ...answer, done: false, rewriteToken: going.token };
}

/** The Node client repeats the token in the body, where it has no effect. */
function withoutToken(body: unknown, rewriteToken: string | undefined): Record<string, unknown> {
  const { token, ...fields } = requireRecord('object', body ?? {});
  return token === undefined || token === rewriteToken ? fields : { ...fields, token };
}

function bytesPerCall(query: Query): number {
  const most = readNumber(query, 'maxBytesRewrittenPerCall') ?? BYTES_PER_CALL;
  if (most === 0 || most % MEBIBYTE !== 0)
    throw invalid(`maxBytesRewrittenPerCall ${most} is not an integral multiple of 1 MiB (${MEBIBYTE}).`);
  return most;
}

const withoutUndefined = (query: Query): Record<string, string> =>
  Object.fromEntries(
    Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );

/** The older method, which always copies in one call. */
function copy(request: FastifyRequest, storage: Storage, authorize: Authorize): ObjectResource {
  const asked = {
    path: request.params as CopyPath,
    query: readQuery(request, sourceParameters),
    body: requireRecord('object', request.body ?? {}),
  };
  const { source, destination } = readCopy(request.caller, asked, authorize);
  const mayOverwrite = overwriting(request, authorize);
  return withLinksTo(originOf(request), storage.copy(source, { ...destination, mayOverwrite }));
}

type CopyPath = Readonly<Record<'bucket' | 'object' | 'toBucket' | 'toObject', string>>;

interface CopyRequest {
  readonly path: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly body: unknown;
}

/** What is copied, and to where, once the caller may. Metadata that is given takes the place of the source's. */
function readCopy(caller: string, { path, query, body }: CopyRequest, authorize: Authorize) {
  const { bucket, object, toBucket, toObject } = path as CopyPath;
  authorize(caller, 'storage.objects.get', objectOf({ bucket, name: object }));
  authorize(caller, 'storage.objects.create', objectOf({ bucket: toBucket, name: toObject }));
  const generation = readNumber(query, 'sourceGeneration');
  const attributes = readAttributes('object', body);
  const source: SourceObject = {
    bucket,
    name: object,
    ...(generation !== undefined && { generation }),
    conditions: readPreconditions(query, 'Source'),
  };
  const destination = {
    bucket: toBucket,
    name: toObject,
    ...(hasAny(attributes) && { attributes }),
    conditions: readPreconditions(query),
  };
  return { source, destination };
}

function readSource(bucket: string, source: unknown): SourceObject {
  const fields = requireRecord('compose.sourceObjects', source);
  refuseUnknownFields('compose.sourceObjects', fields, ['name', 'generation', 'objectPreconditions']);
  if (typeof fields.name !== 'string') throw invalid('compose.sourceObjects.name should be a string');
  const conditions = requireRecord('objectPreconditions', fields.objectPreconditions ?? {});
  refuseUnknownFields('objectPreconditions', conditions, ['ifGenerationMatch']);
  const numbers = {
    ...(fields.generation !== undefined && { generation: String(fields.generation) }),
    ...(conditions.ifGenerationMatch !== undefined && {
      ifGenerationMatch: String(conditions.ifGenerationMatch),
    }),
  };
  const generation = readNumber(numbers, 'generation');
  return {
    bucket,
    name: fields.name,
    ...(generation !== undefined && { generation }),
    conditions: readPreconditions(numbers),
  };
}

const hasAny = (attributes: Attributes) => Object.keys(attributes).length > 0;
