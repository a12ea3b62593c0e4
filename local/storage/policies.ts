// What a bucket is set to keep: how long, in which versions, and what it deletes by itself.
import { ApiError, notImplemented } from '../http/errors.ts';
import { anyKey, type KeyUse, type UseKey } from '../iam/keys.ts';
import type { State } from '../state/state.ts';
import type { LifecycleRule } from './lifecycle.ts';

export interface BucketPolicy {
  /** No object that is younger is deleted or replaced. */
  readonly retentionSeconds?: number;
  /** What is replaced or deleted stays, as a noncurrent version. */
  readonly versioning?: boolean;
  readonly lifecycle?: readonly LifecycleRule[];
  /** What is in the bucket can be read and written while Cloud Storage's agent may use this key. */
  readonly kmsKeyName?: string;
  /** Kept and shown; nothing deleted can be brought back. */
  readonly softDeleteSeconds?: number;
}

/** What a retention policy asks of an object. */
interface Retained {
  readonly bucket: string;
  readonly name: string;
  readonly created_ms: number;
}

export class Policies {
  readonly #state: State;
  readonly #useKey: UseKey;
  // Every read and write asks, so a policy is read once until it changes.
  readonly #known = new Map<string, BucketPolicy>();

  constructor(state: State, useKey: UseKey = anyKey) {
    this.#state = state;
    this.#useKey = useKey;
  }

  /** Throws 501 for what Cloud Storage cannot do either: versions in a bucket that retains. */
  set(bucket: string, policy: BucketPolicy): void {
    if (policy.versioning === true && policy.retentionSeconds !== undefined)
      throw notImplemented('a bucket with versions and a retention policy');
    this.#state.sql
      .prepare('INSERT OR REPLACE INTO storage_policies VALUES (?, ?)')
      .run(bucket, JSON.stringify(policy));
    this.#known.delete(bucket);
  }

  drop(bucket: string): void {
    this.#state.sql.prepare('DELETE FROM storage_policies WHERE bucket = ?').run(bucket);
    this.#known.delete(bucket);
  }

  of(bucket: string): BucketPolicy {
    const known = this.#known.get(bucket);
    if (known !== undefined) return known;
    const row = this.#state.sql.prepare('SELECT policy FROM storage_policies WHERE bucket = ?').get(bucket);
    const policy = row === undefined ? {} : (JSON.parse(row.policy as string) as BucketPolicy);
    this.#known.set(bucket, policy);
    return policy;
  }

  /** Throws 403 while the bytes of the bucket cannot be encrypted, or decrypted. */
  requireKey(bucket: string, use: KeyUse): void {
    this.#useKey(this.of(bucket).kmsKeyName, use);
  }

  /** Until when the bucket's policy keeps the object; undefined when it does not, or no longer. */
  retainedUntilMs({ bucket, created_ms: createdMs }: Retained, nowMs: number): number | undefined {
    const { retentionSeconds } = this.of(bucket);
    if (retentionSeconds === undefined) return undefined;
    const untilMs = createdMs + retentionSeconds * 1000;
    return untilMs <= nowMs ? undefined : untilMs;
  }

  /** Throws 403 while the object may not be deleted or replaced. */
  requireRetentionMet(object: Retained, nowMs: number): void {
    const { bucket, name } = object;
    const untilMs = this.retainedUntilMs(object, nowMs);
    if (untilMs === undefined) return;
    throw new ApiError(
      403,
      'retentionPolicyNotMet',
      `Object '${bucket}/${name}' is subject to bucket's retention policy or object retention and cannot be ` +
        `deleted or overwritten until ${new Date(untilMs).toISOString()}`,
    );
  }
}

/** The policy as a bucket's resource shows it. */
export const policyResource = ({
  retentionSeconds,
  versioning,
  lifecycle,
  kmsKeyName,
  softDeleteSeconds,
}: BucketPolicy): object => ({
  ...(retentionSeconds === undefined
    ? {}
    : { retentionPolicy: { retentionPeriod: String(retentionSeconds), isLocked: false } }),
  ...(versioning === undefined ? {} : { versioning: { enabled: versioning } }),
  ...(lifecycle === undefined ? {} : { lifecycle: { rule: lifecycle } }),
  ...(kmsKeyName === undefined ? {} : { encryption: { defaultKmsKeyName: kmsKeyName } }),
  ...(softDeleteSeconds === undefined
    ? {}
    : { softDeletePolicy: { retentionDurationSeconds: String(softDeleteSeconds) } }),
});
