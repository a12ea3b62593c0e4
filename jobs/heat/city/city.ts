// The configuration of a city, as its YAML file holds it. An unknown key is refused by name.
import { z } from 'zod';

const day = z.iso.date();
const degrees = (most: number) => z.number().min(-most).max(most);

export const BASE_VARIABLES = ['t2m', 'tx', 'tn', 'rh', 'u10', 'v10'] as const;
export const MODELS = ['auto', 'bicubic', 'ridge', 'boosting', 'unet'] as const;
export const OSM_FEATURES = ['buildings', 'roads', 'landuse', 'water'] as const;

/** Where a source's files are: a pattern of names in the watched bucket, or a service that is asked. */
const place = {
  /** `bucket` is the default: the files are among the frozen ones. */
  provider: z.enum(['bucket', 'cds', 'stac', 'overpass']).default('bucket'),
  /** The start of the files' names. */
  path: z.string().max(200).optional(),
};

export const city = z.strictObject({
  city: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'lower-case letters, digits and dashes, such as paris'),
  period: z.strictObject({ start: day, end: day }),
  grid: z.strictObject({ crs: z.string().max(20), resolution_m: z.number() }),
  extent: z.strictObject({
    /** West, south, east, north. */
    bbox_wgs84: z.tuple([degrees(180), degrees(90), degrees(180), degrees(90)]),
    center: z.tuple([degrees(180), degrees(90)]).optional(),
  }),
  variables: z.array(z.enum(BASE_VARIABLES)).min(1).default(['t2m']),
  sources: z.strictObject({
    era5: z.strictObject({
      ...place,
      dataset: z.string().max(100).optional(),
      resolution_km: z.number().positive().optional(),
      /** The series is made this much coarser, and is itself the reference: how well a known truth is found again. */
      coarsen: z.int().min(2).max(16).optional(),
    }),
    /** A fine series of some time to learn from. */
    reference: z.strictObject({ path: z.string().max(200) }).optional(),
    sentinel2: z
      .strictObject({
        ...place,
        collection: z.string().max(100).optional(),
        resolution_m: z.number().positive().optional(),
        bands: z.array(z.enum(['B2', 'B3', 'B4', 'B8', 'B11', 'B12'])).optional(),
        /** `BOA_ADD_OFFSET` of the product, which is -1000 from baseline 04.00 on: for whole numbers that still hold it. */
        boa_add_offset: z.int().min(-5_000).max(5_000).optional(),
      })
      .optional(),
    osm: z.strictObject({ ...place, features: z.array(z.enum(OSM_FEATURES)).optional() }).optional(),
    stations: z.strictObject({ path: z.string().max(200) }).optional(),
  }),
  mode: z
    .strictObject({
      dry_run: z.boolean().default(false),
      save_intermediate: z.boolean().default(true),
      verbose: z.boolean().default(false),
    })
    .prefault({}),
  model: z.strictObject({ type: z.enum(MODELS).default('auto') }).prefault({}),
  indicators: z
    .strictObject({
      threshold_celsius: z.number().min(-50).max(60).default(30),
      urban_heat_island_analysis: z.boolean().default(true),
    })
    .prefault({}),
  output: z
    .strictObject({
      formats: z
        .array(z.enum(['geotiff', 'png', 'zarr', 'metadata']))
        .default(['geotiff', 'png', 'zarr', 'metadata']),
      compression: z.enum(['deflate', 'lzw']).default('deflate'),
      tiled: z.literal(true, 'true: maps are cloud-optimized GeoTIFFs, which have tiles').default(true),
      report: z
        .strictObject({
          format: z.array(z.enum(['html', 'pdf'])).default(['html', 'pdf']),
          include_maps: z.boolean().default(true),
          include_metrics: z.boolean().default(true),
        })
        .prefault({}),
    })
    .prefault({}),
  /** Names of buckets of the system that this one replaces: accepted, and not used. */
  gcs: z.record(z.string().max(40), z.string().max(200)).optional(),
});

export type City = z.infer<typeof city>;
