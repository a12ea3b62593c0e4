// The bytes of an object over HTTP, whole or a range, from the disk to the socket.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { readRange } from './ranges.ts';
import { objectResource, type ObjectRow } from './resources.ts';
import type { Storage } from './storage.ts';

/**
 * Sends the bytes as they are stored: a gzip object goes out packed, under `content-encoding: gzip`. The
 * `x-goog-stored-*` headers are what makes clients check what they receive. Throws 403 when they cannot be decrypted.
 */
export function sendMedia(
  request: FastifyRequest,
  reply: FastifyReply,
  storage: Storage,
  row: ObjectRow,
): FastifyReply {
  storage.buckets.policies.requireKey(row.bucket, 'decrypt');
  const object = objectResource(row);
  const range = readRange(request.headers.range, row.size);
  const { first, last } = range ?? { first: 0, last: row.size - 1 };
  if (range !== undefined) {
    void reply.code(206).header('content-range', `bytes ${first}-${last}/${row.size}`);
  }
  void reply.headers({
    'content-type': object.contentType,
    'content-length': last - first + 1,
    'accept-ranges': 'bytes',
    etag: object.etag,
    'last-modified': new Date(row.updated_ms).toUTCString(),
    'x-goog-hash': [`crc32c=${row.crc32c}`, ...(row.md5 === null ? [] : [`md5=${row.md5}`])].join(','),
    'x-goog-generation': object.generation,
    'x-goog-metageneration': object.metageneration,
    'x-goog-storage-class': object.storageClass,
    'x-goog-stored-content-encoding': object.contentEncoding ?? 'identity',
    'x-goog-stored-content-length': object.size,
  });
  for (const [header, value] of [
    ['content-encoding', object.contentEncoding],
    ['content-disposition', object.contentDisposition],
    ['content-language', object.contentLanguage],
    ['cache-control', object.cacheControl],
  ] as const) {
    if (value !== undefined) void reply.header(header, value);
  }
  if (row.size === 0) return reply.send(Readable.from([]));
  return reply.send(createReadStream(storage.blobs.path(row.blob), { start: first, end: last }));
}
