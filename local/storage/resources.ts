// Rows of the state, as the JSON API shows them.
import type { Attributes } from './attributes.ts';
import { policyResource, type BucketPolicy } from './policies.ts';

/** Whole numbers of 64 bits are strings; times are RFC 3339 in UTC; checksums are base64. */
export interface ObjectResource extends Attributes {
  readonly kind: 'storage#object';
  readonly id: string;
  readonly name: string;
  readonly bucket: string;
  readonly generation: string;
  readonly metageneration: string;
  readonly contentType: string;
  readonly storageClass: string;
  readonly size: string;
  /** Absent on a composed object. */
  readonly md5Hash?: string;
  readonly crc32c: string;
  readonly componentCount?: number;
  readonly etag: string;
  readonly timeCreated: string;
  readonly updated: string;
  readonly timeStorageClassUpdated: string;
  readonly timeFinalized: string;
  /** Only on a noncurrent version: since when it is one. */
  readonly timeDeleted?: string;
  readonly mediaLink: string;
  readonly selfLink: string;
}

export interface BucketResource {
  readonly kind: 'storage#bucket';
  readonly id: string;
  readonly name: string;
  readonly projectNumber: string;
  readonly location: string;
  readonly locationType: string;
  readonly storageClass: string;
  readonly metageneration: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly iamConfiguration: object;
  readonly etag: string;
  readonly timeCreated: string;
  readonly updated: string;
  readonly selfLink: string;
}

export interface ObjectRow {
  readonly bucket: string;
  readonly name: string;
  readonly generation: number;
  readonly metageneration: number;
  readonly blob: string;
  readonly size: number;
  readonly md5: string | null;
  readonly crc32c: string;
  readonly components: number | null;
  /** JSON of `Attributes`. */
  readonly attributes: string;
  readonly created_ms: number;
  readonly updated_ms: number;
  /** Only of a noncurrent version. */
  readonly noncurrent_ms?: number;
}

export interface BucketRow {
  readonly name: string;
  readonly project_id: string;
  readonly location: string;
  readonly storage_class: string;
  /** JSON of a record of strings. */
  readonly labels: string;
  readonly metageneration: number;
  readonly created_ms: number;
  readonly updated_ms: number;
}

const GOOGLE = 'https://www.googleapis.com';

export function objectResource(row: ObjectRow): ObjectResource {
  const created = new Date(row.created_ms).toISOString();
  const path = `b/${row.bucket}/o/${encodeURIComponent(row.name)}`;
  return {
    kind: 'storage#object',
    id: `${row.bucket}/${row.name}/${row.generation}`,
    selfLink: `${GOOGLE}/storage/v1/${path}`,
    mediaLink: `${GOOGLE}/download/storage/v1/${path}?generation=${row.generation}&alt=media`,
    name: row.name,
    bucket: row.bucket,
    generation: String(row.generation),
    metageneration: String(row.metageneration),
    contentType: 'application/octet-stream',
    storageClass: 'STANDARD',
    ...(JSON.parse(row.attributes) as Attributes),
    size: String(row.size),
    ...(row.md5 !== null && { md5Hash: row.md5 }),
    crc32c: row.crc32c,
    ...(row.components !== null && { componentCount: row.components }),
    etag: etag(row.generation, row.metageneration),
    timeCreated: created,
    updated: new Date(row.updated_ms).toISOString(),
    timeStorageClassUpdated: created,
    timeFinalized: created,
    ...(row.noncurrent_ms !== undefined && { timeDeleted: new Date(row.noncurrent_ms).toISOString() }),
  };
}

export function bucketResource(row: BucketRow, policy: BucketPolicy, projectNumber: string): BucketResource {
  const labels = JSON.parse(row.labels) as Record<string, string>;
  return {
    kind: 'storage#bucket',
    id: row.name,
    selfLink: `${GOOGLE}/storage/v1/b/${row.name}`,
    name: row.name,
    projectNumber,
    location: row.location,
    locationType: ['EU', 'US', 'ASIA'].includes(row.location) ? 'multi-region' : 'region',
    storageClass: row.storage_class,
    metageneration: String(row.metageneration),
    ...(Object.keys(labels).length > 0 && { labels }),
    iamConfiguration: { uniformBucketLevelAccess: { enabled: true } },
    etag: etag(0, row.metageneration),
    timeCreated: new Date(row.created_ms).toISOString(),
    updated: new Date(row.updated_ms).toISOString(),
    ...policyResource(policy),
  };
}

/** The same resource with links that lead back to where the caller reached us (each identity has its own port). */
export function withLinksTo<T extends { selfLink: string; mediaLink?: string }>(
  origin: string,
  resource: T,
): T {
  return {
    ...resource,
    selfLink: resource.selfLink.replace(GOOGLE, origin),
    ...(resource.mediaLink !== undefined && { mediaLink: resource.mediaLink.replace(GOOGLE, origin) }),
  };
}

const etag = (generation: number, metageneration: number) =>
  Buffer.from(`${generation}/${metageneration}`).toString('base64');
