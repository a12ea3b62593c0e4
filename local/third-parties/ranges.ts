// Sends a file whole, or the one range that is asked for, as a plain web server of files does.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createReadStream, statSync } from 'node:fs';
import { notImplemented } from '../http/errors.ts';

export function sendFile(request: FastifyRequest, reply: FastifyReply, path: string): FastifyReply {
  const { size, mtimeMs } = statSync(path);
  void reply.headers({
    'accept-ranges': 'bytes',
    'content-type': 'application/octet-stream',
    etag: `"${size.toString(16)}-${Math.floor(mtimeMs).toString(16)}"`,
  });
  const { range } = request.headers;
  if (range === undefined) return reply.header('content-length', size).send(createReadStream(path));
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
  if (from === undefined) throw notImplemented(`the range "${range}"`);
  const [first, last] = [Number(from), Math.min(Number(to), size - 1)];
  if (first > last) return reply.code(416).header('content-range', `bytes */${size}`).send('');
  return reply
    .code(206)
    .headers({ 'content-range': `bytes ${first}-${last}/${size}`, 'content-length': last - first + 1 })
    .send(createReadStream(path, { start: first, end: last }));
}
