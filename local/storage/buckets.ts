// Buckets: the noun, over the state.
import type { Clock } from '../clock.ts';
import { ApiError, notFound } from '../http/errors.ts';
import { PROJECT_NUMBER } from '../iam/agents.ts';
import type { UseKey } from '../iam/keys.ts';
import type { State } from '../state/state.ts';
import { checkBucketName } from './names.ts';
import { Policies } from './policies.ts';
import { requireConditions, type Preconditions } from './preconditions.ts';
import { bucketResource, type BucketResource, type BucketRow } from './resources.ts';

export interface NewBucket {
  readonly name: string;
  readonly projectId: string;
  readonly location?: string;
  readonly storageClass?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** The number of the project that a bucket is in. */
export type ProjectNumberOf = (projectId: string) => string;

export class Buckets {
  readonly #state: State;
  readonly #clock: Clock;
  readonly policies: Policies;
  readonly #projectNumberOf: ProjectNumberOf;

  constructor(
    state: State,
    clock: Clock,
    useKey?: UseKey,
    projectNumberOf: ProjectNumberOf = () => PROJECT_NUMBER,
  ) {
    this.#projectNumberOf = projectNumberOf;
    this.#state = state;
    this.policies = new Policies(state, useKey);
    this.#clock = clock;
  }

  /** Throws 409 when the name is taken. */
  insert(bucket: NewBucket): BucketResource {
    checkBucketName(bucket.name);
    return this.#state.transaction(() => {
      if (this.#row(bucket.name) !== undefined) {
        throw new ApiError(
          409,
          'conflict',
          'Your previous request to create the named bucket succeeded and you already own it.',
        );
      }
      const nowMs = this.#clock.now();
      this.#state.sql
        .prepare('INSERT INTO storage_buckets VALUES (?, ?, ?, ?, ?, 1, ?, ?)')
        .run(
          bucket.name,
          bucket.projectId,
          (bucket.location ?? 'US').toUpperCase(),
          bucket.storageClass ?? 'STANDARD',
          JSON.stringify(bucket.labels ?? {}),
          nowMs,
          nowMs,
        );
      return this.#resource(this.require(bucket.name));
    });
  }

  get(name: string, conditions: Preconditions = {}): BucketResource {
    const row = this.require(name);
    requireConditions(conditions, { generation: 0, metageneration: row.metageneration });
    return this.#resource(row);
  }

  /** One project's buckets whose names start with `prefix`, in order, `limit` at most, after `after`. */
  list(query: { projectId: string; prefix: string; after: string; limit: number }): BucketResource[] {
    const rows = this.#state.sql
      .prepare(
        `SELECT * FROM storage_buckets
         WHERE project_id = ? AND name > ? AND substr(name, 1, length(?)) = ? ORDER BY name LIMIT ?`,
      )
      .all(query.projectId, query.after, query.prefix, query.prefix, query.limit);
    return (rows as unknown as BucketRow[]).map((row) => this.#resource(row));
  }

  /** Replaces the labels that are given; null takes a label away. */
  patchLabels(
    name: string,
    labels: Readonly<Record<string, string | null>>,
    conditions: Preconditions,
  ): BucketResource {
    return this.#state.transaction(() => {
      const before = this.require(name);
      requireConditions(conditions, { generation: 0, metageneration: before.metageneration });
      const merged = { ...(JSON.parse(before.labels) as Record<string, string>), ...labels };
      const kept = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null));
      this.#state.sql
        .prepare(
          'UPDATE storage_buckets SET labels = ?, metageneration = metageneration + 1, updated_ms = ? WHERE name = ?',
        )
        .run(JSON.stringify(kept), this.#clock.now(), name);
      return this.#resource(this.require(name));
    });
  }

  /** Throws 409 while the bucket holds objects. */
  delete(name: string, conditions: Preconditions): void {
    this.#state.transaction(() => {
      const row = this.require(name);
      requireConditions(conditions, { generation: 0, metageneration: row.metageneration });
      // Noncurrent versions are in the bucket as well.
      const held = this.#state.sql
        .prepare(
          'SELECT 1 FROM storage_objects WHERE bucket = ? UNION ALL SELECT 1 FROM storage_noncurrent WHERE bucket = ? LIMIT 1',
        )
        .get(name, name);
      if (held !== undefined) {
        throw new ApiError(409, 'conflict', 'The bucket you tried to delete is not empty.');
      }
      this.#state.sql.prepare('DELETE FROM storage_buckets WHERE name = ?').run(name);
      this.policies.drop(name);
    });
  }

  has(name: string): boolean {
    return this.#row(name) !== undefined;
  }

  /** Throws 404 when there is no such bucket. */
  require(name: string): BucketRow {
    const row = this.#row(name);
    if (row === undefined) throw notFound('The specified bucket does not exist.');
    return row;
  }

  #resource(row: BucketRow): BucketResource {
    return bucketResource(row, this.policies.of(row.name), this.#projectNumberOf(row.project_id));
  }

  #row(name: string): BucketRow | undefined {
    const row = this.#state.sql.prepare('SELECT * FROM storage_buckets WHERE name = ?').get(name);
    return row as unknown as BucketRow | undefined;
  }
}
