// Answers with a file's bytes, or with the range of them that was asked for.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../http/errors.ts';
import type { ByteRange } from './content.ts';
import type { Download } from './drive.ts';

/**
 * Streams the file while it may still be written. No length is declared, since it may change on the way;
 * what arrives is what stood there when it was read.
 */
export async function contentAnswer(
  request: FastifyRequest,
  reply: FastifyReply,
  { mimeType, content }: Download,
): Promise<FastifyReply> {
  const range = rangeOf(request.headers.range, content.sizeBytes);
  if (range === 'unsatisfiable') {
    await content.close();
    void reply.header('content-range', `bytes */${content.sizeBytes}`);
    throw new ApiError(416, 'requestedRangeNotSatisfiable', 'Request range not satisfiable', 'Range');
  }
  const stream = content.stream(range);
  // The file is closed even when the answer fails or is lost.
  reply.raw.once('close', () => stream.destroy());
  void reply.type(mimeType).header('accept-ranges', 'bytes');
  if (range === undefined) return reply.send(stream);
  return reply
    .code(206)
    .header('content-range', `bytes ${range.first}-${range.last}/${content.sizeBytes}`)
    .send(stream);
}

/** Undefined for a header that asks for no single range of bytes: it is ignored, as HTTP has it. */
function rangeOf(header: string | undefined, sizeBytes: number): ByteRange | 'unsatisfiable' | undefined {
  const [, from, to] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '') ?? [];
  if (from === undefined || to === undefined || (from === '' && to === '')) return undefined;
  const first = from === '' ? Math.max(sizeBytes - Number(to), 0) : Number(from);
  const last = from === '' || to === '' ? sizeBytes - 1 : Math.min(Number(to), sizeBytes - 1);
  if (from !== '' && to !== '' && Number(to) < Number(from)) return undefined;
  return first > last ? 'unsatisfiable' : { first, last };
}
