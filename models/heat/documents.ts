// The four documents of a city, as its readers know them, and the manifest of a stage among them.
import { z } from 'zod';

const day = z.iso.date();
const period = z.strictObject({ start: day, end: day });
const bbox = z.array(z.number()).length(4).readonly();

/** A number that could not be computed is null, and `reasons` says why. */
const numeric = () => z.number().nullable();
const positive = () => z.number().min(0).nullable();
const ratio = () => z.number().min(-1).max(1).nullable();

/** A sentence with its code: of a closed list, which the README of the job names. `text` is in English. */
export const coded = z.strictObject({
  code: z.string(),
  text: z.string(),
  /** What stands in the sentence. */
  values: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
});
export type Coded = z.infer<typeof coded>;

/** Outputs of older versions, which may be replayed, have the sentence alone. */
export const codedOrText = z.union([coded, z.string()]);

/** Why a number of the document is null, by its name. */
const reasons = z.record(z.string(), codedOrText).optional();

/** All stages but the report have one; it is written last, beside the files that it names. */
export const stageManifest = z.strictObject({
  city: z.string(),
  period,
  grid: z.strictObject({ crs: z.string(), resolution_m: z.number().min(10).max(30_000) }),
  tiles: z.array(z.strictObject({ id: z.string(), bbox })).readonly(),
  variables: z.array(z.string()).readonly(),
  created_at: z.iso.datetime(),
  stage: z.enum(['ingest', 'preprocess', 'features', 'train', 'evaluate', 'indicators', 'publish', 'report']),
  mode: z.strictObject({ dry_run: z.boolean() }).optional(),
  /** The version of the stage, and the hash of all that its files follow from. */
  version: z.int().min(1),
  key: z.string().regex(/^[0-9a-f]{64}$/),
  files: z
    .array(
      z.strictObject({
        name: z.string(),
        type: z.string(),
        size_bytes: z.int().min(0),
        crc32c: z.string(),
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
      }),
    )
    .readonly(),
});
export type StageManifest = z.infer<typeof stageManifest>;

export const rasterMetadata = z.strictObject({
  crs: z.string(),
  /** In the sequence of rasterio: a, b, c, d, e, f. */
  transform: z.array(z.number()).length(6).readonly(),
  width: z.int().min(1),
  height: z.int().min(1),
  dtype: z.string(),
  nodata: z.number().nullable().optional(),
  units: z.string().optional(),
  spatial_ref: z.string().optional(),
  bounds: z
    .strictObject({ minx: z.number(), miny: z.number(), maxx: z.number(), maxy: z.number() })
    .optional(),
  band_count: z.int().min(1).optional(),
  band_names: z.array(z.string()).readonly().optional(),
});
export type RasterMetadata = z.infer<typeof rasterMetadata>;

export const metrics = z.looseObject({
  rmse: positive(),
  mae: positive(),
  /** Not bounded below: a prediction may be worse than the mean. */
  r2: z.number().max(1).nullable(),
  bias: numeric(),
  correlation: ratio(),
  baseline: z.string(),
  baseline_rmse: positive(),
  improvement_percent: numeric(),
  spatial_resolution_m: positive(),
  sample_count: z.int().min(0).nullable(),
  evaluation_date: z.iso.datetime(),
  reasons,
});
export type Metrics = z.infer<typeof metrics>;

export const indicators = z.looseObject({
  intensity: positive(),
  duration: positive(),
  extent_km2: positive(),
  max_temperature_c: numeric(),
  mean_temperature_c: numeric(),
  threshold_c: z.number(),
  days_above_threshold: positive(),
  affected_population_estimate: positive(),
  /** May be negative: some cities are cooler than the green around them. */
  urban_heat_island_intensity_c: numeric(),
  percentile_95: numeric(),
  percentile_99: numeric(),
  computed_at: z.iso.datetime(),
  reasons,
});
export type Indicators = z.infer<typeof indicators>;
