// The answers of Cloud Storage, as the port has them: metadata, and whether an error of a write is unknown (law 3).
import type { FileMetadata } from '@google-cloud/storage';
import { TransientError } from '../errors.ts';
import type { Metadata, ObjectInfo, RemoveAnswer, Unknown, WriteAnswer } from '../objects/store.ts';
import { failure, isNotFound, statusOf } from './failures.ts';

/** The content of an upload ended with an error. */
export class ContentBroken extends Error {}

export const isTooOften = (error: unknown): boolean =>
  error instanceof TransientError && statusOf(error.cause) === 429;

/**
 * No status: the connection broke. 408 and 5xx: the service failed, and may have done the work before. Any other status
 * is an answer, and a request that the client or the content ended was never complete.
 */
export function unknownIfLost(error: unknown, wrapped: Error): Unknown {
  if (error instanceof ContentBroken) throw wrapped;
  const status = statusOf(error);
  if (status !== undefined && status < 500 && status !== 408) throw wrapped;
  return { kind: 'unknown', cause: wrapped };
}

/**
 * The answer to a conditional write that ended with an error. `existing` reads the object whose existence is the conflict;
 * undefined for a write that replaces one.
 */
export async function writeAnswerOf(
  error: unknown,
  doing: string,
  existing: (() => Promise<ObjectInfo | undefined>) | undefined,
): Promise<WriteAnswer> {
  const status = statusOf(error);
  if (status === 412) return { kind: 'conflict' };
  // An existing object may not be overwritten (law 2), and Cloud Storage may check that before the condition.
  if (status === 403 && (await existing?.()) !== undefined) return { kind: 'conflict' };
  return unknownIfLost(error, failure(doing, error));
}

/** The answer to a conditional deletion that ended with an error. */
export function removeAnswerOf(error: unknown, doing: string): RemoveAnswer {
  if (isNotFound(error)) return { kind: 'landed' };
  if (statusOf(error) === 412) return { kind: 'conflict' };
  return unknownIfLost(error, failure(doing, error));
}

/** The time is this process's; only days are counted from it. */
export const writtenOnce = (contentType: string, keptLongerMs = 0) => ({
  contentType,
  customTime: new Date(Date.now() + keptLongerMs).toISOString(),
});

export const infoOf = (metadata: FileMetadata): ObjectInfo => ({
  name: metadata.name ?? '',
  generation: String(metadata.generation),
  sizeBytes: Number(metadata.size),
  md5: metadata.md5Hash,
  crc32c: metadata.crc32c ?? '',
  contentType: metadata.contentType ?? '',
  createdAtMs: Date.parse(metadata.timeCreated ?? ''),
  customTimeMs: metadata.customTime === undefined ? undefined : Date.parse(metadata.customTime),
  metadata: (metadata.metadata ?? {}) as Metadata,
});
