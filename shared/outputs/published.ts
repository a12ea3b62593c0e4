// What a publication made current, output by output, as the ledger keeps it.
import { z } from 'zod';

/** The rows of a table, as they were loaded: from which object, in which version, and by which load job. */
export const publishedTable = z.object({
  /** `dataset.table` that it fills. */
  table: z.string(),
  object: z.string(),
  generation: z.string(),
  crc32c: z.string(),
  rows: z.int(),
  job: z.string().nullable(),
});
export type PublishedTable = z.infer<typeof publishedTable>;

/** One object of the export bucket. */
export const publishedFile = z.object({
  /** As the job named it. */
  name: z.string(),
  object: z.string(),
  generation: z.string(),
  crc32c: z.string(),
  sizeBytes: z.int().min(0),
  contentType: z.string(),
});
export type PublishedFile = z.infer<typeof publishedFile>;

/** The files that readers of the output see. For a model they are the champion's, which may be of an earlier run. */
export const publishedObjects = z.object({
  kind: z.enum(['files', 'model']),
  output: z.string(),
  /** The publication that holds the files in its folder. */
  publication: z.string(),
  run: z.string(),
  files: z.array(publishedFile).readonly(),
  /** An operator pinned the champion: training registers candidates and promotes none. Always false for files. */
  pinned: z.boolean(),
});
export type PublishedObjects = z.infer<typeof publishedObjects>;

export const publishedOutput = z.union([publishedTable, publishedObjects]);
export type PublishedOutput = z.infer<typeof publishedOutput>;

export const isObjects = (output: PublishedOutput): output is PublishedObjects => 'kind' in output;
export const isTable = (output: PublishedOutput): output is PublishedTable => !isObjects(output);
