// Which names a bucket and an object may have.
import { invalid } from '../http/errors.ts';

const BUCKET_NAME = /^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/;
const LONGEST_OBJECT_NAME_BYTES = 1024;

/** Throws 400 unless `name` may name a bucket. */
export function checkBucketName(name: string): void {
  if (!BUCKET_NAME.test(name)) throw invalid(`Invalid bucket name: '${name}'`);
}

/** Throws 400 unless `name` may name an object. */
export function checkObjectName(name: string): void {
  const bytes = Buffer.byteLength(name);
  if (bytes === 0) throw invalid('Required parameter: name');
  if (bytes > LONGEST_OBJECT_NAME_BYTES) {
    throw invalid(
      `The maximum object name length is ${LONGEST_OBJECT_NAME_BYTES} bytes, but got a name with ${bytes} bytes.`,
    );
  }
  if (/[\r\n]/.test(name) || !name.isWellFormed())
    throw invalid('Disallowed unicode characters present in object name');
  if (name === '.' || name === '..') throw invalid(`Invalid object name: '${name}'`);
}
