// Objects over HTTP: list, get (metadata or bytes), patch, delete.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError, invalid } from '../http/errors.ts';
import { parseFields } from '../http/fields.ts';
import type { Authorize } from '../iam/authorize.ts';
import { readPatch } from './attributes.ts';
import { sendMedia } from './download.ts';
import type { MayOverwrite, ObjectId } from './objects.ts';
import { conditionNotMet, decide, readNumber, readPreconditions } from './preconditions.ts';
import { originOf, readFlag, readQuery, type Query } from './query.ts';
import { objectResource, withLinksTo } from './resources.ts';
import { LISTING, OBJECT } from './shapes.ts';
import type { Storage } from './storage.ts';

const LARGEST_PAGE = 1000;

export function objectRoutes(
  app: FastifyInstance,
  root: string,
  storage: Storage,
  authorize: Authorize,
  options: { readonly only?: 'media' } = {},
): void {
  const path = `${root}/b/:bucket/o/:object`;

  app.get(path, (request, reply) => {
    const query = readQuery(request, ['generation']);
    const cut = parseFields(query.fields ?? '*', OBJECT);
    const asked = readObjectId(request, query);
    authorize(request.caller, 'storage.objects.get', objectOf(asked));
    const row = hidingAbsence(request, asked, authorize, () => storage.objects.require(asked));
    const decision = decide(readPreconditions(query), row);
    if (decision === 'no-match') throw conditionNotMet();
    if (decision === 'unwanted-match') return reply.code(304).send();
    if (query.alt === 'media' || options.only === 'media') return sendMedia(request, reply, storage, row);
    return cut(withLinksTo(originOf(request), objectResource(row)));
  });
  if (options.only === 'media') return;

  app.get(`${root}/b/:bucket/o`, (request) => list(request, storage, authorize));

  app.patch(path, (request) => {
    const query = readQuery(request, ['generation']);
    const asked = readObjectId(request, query);
    authorize(request.caller, 'storage.objects.update', objectOf(asked));
    const patch = readPatch('object', request.body);
    const patched = hidingAbsence(request, asked, authorize, () =>
      storage.objects.patch(asked, patch, readPreconditions(query)),
    );
    return withLinksTo(originOf(request), patched);
  });

  app.delete(path, (request, reply) => {
    const query = readQuery(request, ['generation']);
    const asked = readObjectId(request, query);
    authorize(request.caller, 'storage.objects.delete', objectOf(asked));
    hidingAbsence(request, asked, authorize, () => storage.objects.delete(asked, readPreconditions(query)));
    return noContent(reply);
  });
}

/** 1 to 1,000, the default; a larger value counts as 1,000. */
export function readPageSize(query: Query): number {
  const asked = readNumber(query, 'maxResults') ?? LARGEST_PAGE;
  if (asked === 0) throw invalid("Invalid unsigned integer value: '0' for maxResults");
  return Math.min(asked, LARGEST_PAGE);
}

export const resourceOf = (object: { bucket: string }) => `projects/_/buckets/${object.bucket}`;
export const objectOf = (object: { bucket: string; name: string }) =>
  `${resourceOf(object)}/objects/${object.name}`;

/** Overwriting takes the right to delete what was there. */
export const overwriting =
  ({ caller }: FastifyRequest, authorize: Authorize): MayOverwrite =>
  (object) =>
    authorize(caller, 'storage.objects.delete', objectOf(object));

function list(request: FastifyRequest, storage: Storage, authorize: Authorize): object {
  const query = readQuery(request, [
    'prefix',
    'delimiter',
    'startOffset',
    'endOffset',
    'maxResults',
    'pageToken',
    'includeTrailingDelimiter',
    // There are no managed folders here, so there are none to add to the prefixes.
    'includeFoldersAsPrefixes',
    'versions',
  ]);
  const { bucket } = request.params as { bucket: string };
  const cut = parseFields(query.fields ?? '*', LISTING);
  authorize(request.caller, 'storage.objects.list', resourceOf({ bucket }), query.prefix);
  const { prefix, delimiter, startOffset, endOffset, pageToken } = query;
  const page = storage.objects.list({
    bucket,
    ...(prefix !== undefined && { prefix }),
    ...(delimiter !== undefined && { delimiter }),
    ...(startOffset !== undefined && { startOffset }),
    ...(endOffset !== undefined && { endOffset }),
    ...(pageToken !== undefined && { pageToken }),
    maxResults: readPageSize(query),
    includeTrailingDelimiter: readFlag(query, 'includeTrailingDelimiter'),
    versions: readFlag(query, 'versions'),
  });
  const items = page.items.map((object) => withLinksTo(originOf(request), object));
  return cut({
    kind: 'storage#objects',
    ...(items.length > 0 && { items }),
    ...(page.prefixes.length > 0 && { prefixes: page.prefixes }),
    ...(page.nextPageToken !== undefined && { nextPageToken: page.nextPageToken }),
  });
}

function readObjectId(request: FastifyRequest, query: Query): ObjectId {
  const { bucket, object } = request.params as { bucket: string; object: string };
  const generation = readNumber(query, 'generation');
  return { bucket, name: object, ...(generation !== undefined && { generation }) };
}

/** Without the right to list a bucket, a caller gets 403 in place of 404, as with the real one. */
function hidingAbsence<T>(
  request: FastifyRequest,
  object: { bucket: string },
  authorize: Authorize,
  work: () => T,
): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof ApiError && error.code === 404) {
      authorize(request.caller, 'storage.objects.list', resourceOf(object));
    }
    throw error;
  }
}

const noContent = (reply: FastifyReply) => reply.code(204).send();
