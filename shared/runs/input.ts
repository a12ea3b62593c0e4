// The manifest of a run's frozen source: what the job may read, with sizes and checksums (law 4).
import { z } from 'zod';
import { publishedObjects } from '../outputs/published.ts';

export const frozenFile = z.object({
  role: z.string(),
  /** The file's name in the source. */
  name: z.string(),
  /** The object in the runs bucket, or in the named one. */
  object: z.string(),
  /** The parameters of a requested run, which can be erased, are in the requests bucket. */
  bucket: z.literal('requests').optional(),
  sizeBytes: z.int().min(0),
  /** Base64; a composed object of a bucket has none. */
  md5: z.string().optional(),
  /** Base64 of the big-endian CRC32C; absent from manifests of older versions. */
  crc32c: z.string().optional(),
});
export type FrozenFile = z.infer<typeof frozenFile>;

export const inputManifest = z.object({
  pipeline: z.string(),
  run: z.string(),
  revision: z.string(),
  files: z.array(frozenFile).readonly(),
  frozenAt: z.iso.datetime(),
  /** Data-quality notes on the source of the files; the report shows them. */
  notes: z.array(z.string()).readonly().optional(),
  /** The models that were current when the source was frozen; their files are in the export bucket. */
  champions: z.array(publishedObjects).readonly().optional(),
});
export type InputManifest = z.infer<typeof inputManifest>;
