// Uploads over HTTP: media, multipart and resumable, each streamed to the disk as it comes.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { bytesOf, readWhole } from '../http/bodies.ts';
import { invalid } from '../http/errors.ts';
import { checkDepth } from '../http/json.ts';
import type { Authorize } from '../iam/authorize.ts';
import { readAttributes, requireRecord, type Attributes } from './attributes.ts';
import { readHashHeader, verify, type ExpectedChecksums } from './checksums.ts';
import { readMultipart } from './multipart.ts';
import { objectOf, overwriting } from './object-routes.ts';
import { readPreconditions } from './preconditions.ts';
import { originOf, readQuery, type Query } from './query.ts';
import { readContentRange } from './ranges.ts';
import { withLinksTo } from './resources.ts';
import type { Storage } from './storage.ts';

const LARGEST_METADATA_BYTES = 1024 * 1024;
const PARAMETERS = ['uploadType', 'upload_id', 'name', 'contentEncoding'];

/** The metadata that the caller sends with an object. */
interface Announcement {
  readonly name: string;
  readonly attributes: Attributes;
  readonly expected: ExpectedChecksums;
}

export function uploadRoutes(
  app: FastifyInstance,
  root: string,
  storage: Storage,
  authorize: Authorize,
): void {
  // A scope of its own: here a body of JSON is an object's bytes like any other, and is not to be parsed.
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));

    const path = `${root}/b/:bucket/o`;
    scope.post(path, (request, reply) => {
      const { uploadType, name } = readQuery(request, PARAMETERS);
      // Before the body is read, where the URL names the object; else once its metadata is.
      if (name !== undefined)
        mayCreate(request, authorize, { ...(request.params as { bucket: string }), name });
      if (uploadType === 'media') return insertMedia(request, storage, authorize);
      if (uploadType === 'multipart') return insertMultipart(request, storage, authorize);
      if (uploadType === 'resumable') return openSession(request, reply, storage, authorize);
      throw invalid(`Invalid upload type: '${uploadType ?? ''}'`);
    });

    scope.put(path, (request, reply) => continueSession(request, reply, storage, authorize));

    scope.delete(path, (request, reply) => {
      const id = readUploadId(request);
      mayCreate(request, authorize, storage.uploads.targetOf(id));
      storage.uploads.cancel(id);
      // Not an HTTP status of any standard, but the one that the real service answers here.
      return reply.code(499).send();
    });
  });
}

const mayCreate = (
  { caller }: FastifyRequest,
  authorize: Authorize,
  object: { readonly bucket: string; readonly name: string },
): void => authorize(caller, 'storage.objects.create', objectOf(object));

function insertMedia(request: FastifyRequest, storage: Storage, authorize: Authorize): Promise<object> {
  const announced = announce(request, {}, request.headers['content-type']);
  return insert(request, storage, authorize, announced, bytesOf(request.raw));
}

async function insertMultipart(
  request: FastifyRequest,
  storage: Storage,
  authorize: Authorize,
): Promise<object> {
  const upload = await readMultipart(bytesOf(request.raw), request.headers['content-type'] ?? '');
  const announced = announce(request, parse(upload.metadata), upload.contentType);
  return insert(request, storage, authorize, announced, upload.data);
}

async function insert(
  request: FastifyRequest,
  storage: Storage,
  authorize: Authorize,
  announced: Announcement,
  bytes: AsyncIterable<Uint8Array>,
): Promise<object> {
  const { bucket } = request.params as { bucket: string };
  storage.buckets.require(bucket);
  const { name, attributes, expected } = announced;
  mayCreate(request, authorize, { bucket, name });
  const resource = await storage.insert(
    {
      bucket,
      name,
      attributes,
      conditions: readPreconditions(request.query as Query),
      mayOverwrite: overwriting(request, authorize),
    },
    bytes,
    (content) => {
      verify(expected, content);
      verify(readHashHeader(request.headers['x-goog-hash']), content);
    },
  );
  return withLinksTo(originOf(request), resource);
}

async function openSession(
  request: FastifyRequest,
  reply: FastifyReply,
  storage: Storage,
  authorize: Authorize,
): Promise<FastifyReply> {
  const { bucket } = request.params as { bucket: string };
  storage.buckets.require(bucket);
  const contentType = request.headers['x-upload-content-type'];
  const length = request.headers['x-upload-content-length'];
  const body = await readWhole(request.raw, LARGEST_METADATA_BYTES);
  const announced = announce(
    request,
    parse(body.toString()),
    typeof contentType === 'string' ? contentType : undefined,
  );
  mayCreate(request, authorize, { bucket, name: announced.name });
  const id = storage.uploads.open(bucket, {
    ...announced,
    expected: {
      ...announced.expected,
      ...(typeof length === 'string' && { sizeBytes: Number(length) }),
    },
    conditions: readPreconditions(request.query as Query),
  });
  const location = new URL(request.url, originOf(request));
  location.searchParams.set('name', announced.name);
  location.searchParams.set('upload_id', id);
  return reply.header('location', location.href).header('x-guploader-uploadid', id).send();
}

async function continueSession(
  request: FastifyRequest,
  reply: FastifyReply,
  storage: Storage,
  authorize: Authorize,
): Promise<FastifyReply> {
  const id = readUploadId(request);
  mayCreate(request, authorize, storage.uploads.targetOf(id));
  const progress = await storage.uploads.receive(
    id,
    readContentRange(request.headers['content-range']),
    bytesOf(request.raw),
    {
      expected: readHashHeader(request.headers['x-goog-hash']),
      mayOverwrite: overwriting(request, authorize),
    },
  );
  if (progress.kind === 'finished') return reply.send(withLinksTo(originOf(request), progress.resource));
  if (progress.receivedBytes > 0) void reply.header('range', `bytes=0-${progress.receivedBytes - 1}`);
  return reply.code(308).send();
}

function announce(request: FastifyRequest, metadata: unknown, contentType: string | undefined): Announcement {
  const query = request.query as Query;
  const fields = requireRecord('object', metadata);
  const { bucket } = request.params as { bucket: string };
  const name = query.name ?? text(fields, 'name');
  if (name === undefined) throw invalid('Required parameter: name');
  if (fields.bucket !== undefined && fields.bucket !== bucket) {
    throw invalid(`The bucket of the URL is '${bucket}', but the metadata says '${String(fields.bucket)}'.`);
  }
  const attributes = readAttributes('object', fields);
  const [md5Hash, crc32c] = [text(fields, 'md5Hash'), text(fields, 'crc32c')];
  return {
    name,
    attributes: {
      ...(contentType !== undefined && { contentType }),
      ...(query.contentEncoding !== undefined && { contentEncoding: query.contentEncoding }),
      ...attributes,
    },
    expected: { ...(md5Hash !== undefined && { md5Hash }), ...(crc32c !== undefined && { crc32c }) },
  };
}

function parse(json: string): unknown {
  checkDepth(json);
  try {
    return json.trim() === '' ? {} : JSON.parse(json);
  } catch (error) {
    throw invalid(`Parse Error: the metadata is no JSON: ${(error as Error).message}`);
  }
}

function text(fields: Record<string, unknown>, field: string): string | undefined {
  const value = fields[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw invalid(`object.${field} should be a string`);
  return value;
}

function readUploadId(request: FastifyRequest): string {
  const { upload_id: id } = readQuery(request, PARAMETERS);
  if (id === undefined) throw invalid('Required parameter: upload_id');
  return id;
}
