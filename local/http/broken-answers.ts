// The answers of planned faults: Google's error in place of the work's, and a body that ends too early.
import type { FastifyReply } from 'fastify';
import { Readable } from 'node:stream';
import { ApiError } from './errors.ts';

const REASONS: Readonly<Record<number, string>> = {
  408: 'requestTimeout',
  429: 'rateLimitExceeded',
  500: 'internalError',
  503: 'backendError',
};

/** An error that was planned in a service's own words. */
export interface Refusal {
  readonly status: number;
  readonly reason: string;
  readonly message: string;
  /** Of the header `Retry-After`, in seconds. */
  readonly retryAfter?: number;
}

export const refusalText = ({ status, reason, message }: Refusal): string =>
  JSON.stringify(new ApiError(status, reason, message).body());

/** The answer's JSON, changed. */
export const changed = (
  payload: unknown,
  change: (answer: Readonly<Record<string, unknown>>) => object,
): string => JSON.stringify(change(JSON.parse(String(payload)) as Record<string, unknown>));

/** The body of an error that was planned, in Google's form. */
export const errorText = (status: number): string =>
  JSON.stringify(new ApiError(status, REASONS[status] ?? 'unknown', 'a planned fault').body());

/** Sends the head of the answer as it is, `bytes` bytes of its body, and cuts the connection. */
export async function cutAfter(bytes: number, reply: FastifyReply, payload: unknown): Promise<void> {
  const { raw } = reply;
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) raw.setHeader(name, value);
  raw.writeHead(reply.statusCode);
  let left = bytes;
  for await (const chunk of chunksOf(payload)) {
    const part = chunk.subarray(0, left);
    left -= part.length;
    await new Promise<void>((resolve) => raw.write(part, () => resolve()));
    if (left === 0) break;
  }
  raw.destroy();
}

function chunksOf(payload: unknown): AsyncIterable<Buffer> {
  if (payload instanceof Readable) return payload as AsyncIterable<Buffer>;
  return Readable.from([Buffer.from(payload as string | Buffer)]);
}
