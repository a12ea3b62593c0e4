// Objects made of objects over HTTP: rewrite, copy, compose.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { invalid, refuseUnknownFields } from '../http/errors.ts';
import type { Authorize } from '../iam/authorize.ts';
import { readAttributes, requireRecord, type Attributes } from './attributes.ts';
import { objectOf, overwriting, resourceOf } from './object-routes.ts';
import { readNumber, readPreconditions } from './preconditions.ts';
import { originOf, readQuery, sourceParameters } from './query.ts';
import { withLinksTo } from './resources.ts';
import type { ObjectResource, SourceObject, Storage } from './storage.ts';

export function copyRoutes(app: FastifyInstance, root: string, storage: Storage, authorize: Authorize): void {
  const target = 'b/:toBucket/o/:toObject';

  app.post(`${root}/b/:bucket/o/:object/rewriteTo/${target}`, (request) => {
    const resource = copy(request, storage, authorize);
    return {
      kind: 'storage#rewriteResponse',
      done: true,
      totalBytesRewritten: resource.size,
      objectSize: resource.size,
      resource,
    };
  });

  app.post(`${root}/b/:bucket/o/:object/copyTo/${target}`, (request) => copy(request, storage, authorize));

  app.post(`${root}/b/:bucket/o/:object/compose`, async (request) => {
    const query = readQuery(request, []);
    const { bucket, object: name } = request.params as { bucket: string; object: string };
    authorize(request.caller, 'storage.objects.create', resourceOf({ bucket }));
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

function copy(request: FastifyRequest, storage: Storage, authorize: Authorize): ObjectResource {
  // All is rewritten in one call here, so a token is never given out, and the bound per call is met.
  const query = readQuery(request, [...sourceParameters, 'maxBytesRewrittenPerCall']);
  const path = request.params as { bucket: string; object: string; toBucket: string; toObject: string };
  const destination = resourceOf({ bucket: path.toBucket });
  authorize(request.caller, 'storage.objects.get', objectOf({ bucket: path.bucket, name: path.object }));
  authorize(request.caller, 'storage.objects.create', destination);
  const generation = readNumber(query, 'sourceGeneration');
  const attributes = readAttributes('object', request.body);
  const resource = storage.copy(
    {
      bucket: path.bucket,
      name: path.object,
      ...(generation !== undefined && { generation }),
      conditions: readPreconditions(query, 'Source'),
    },
    {
      bucket: path.toBucket,
      name: path.toObject,
      ...(hasAny(attributes) && { attributes }),
      conditions: readPreconditions(query),
      mayOverwrite: overwriting(request, authorize),
    },
  );
  return withLinksTo(originOf(request), resource);
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
