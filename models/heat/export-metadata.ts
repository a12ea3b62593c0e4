// `export_metadata.json`: which files of a city were published, what its maps show, and what is missing.
import { z } from 'zod';
import { codedOrText, rasterMetadata } from './documents.ts';

const day = z.iso.date();

export const exportMetadata = z.strictObject({
  city: z.string(),
  period: z.strictObject({ start: day, end: day }),
  grid: z.strictObject({ crs: z.string(), resolution_m: z.number() }),
  /** A name that ends with a slash is a folder: the Zarr store. */
  files: z.array(z.string()).readonly(),
  rasters: z.record(
    z.string(),
    rasterMetadata.extend({
      minimum: z.number(),
      maximum: z.number(),
      cells_without_value: z.int().min(0),
    }),
  ),
  /** How each layer is computed. */
  definitions: z.record(z.string(), z.string()),
  /** Why a layer is not there, by its name. */
  missing: z.record(z.string(), codedOrText),
  created_at: z.iso.datetime(),
});
export type ExportMetadata = z.infer<typeof exportMetadata>;
